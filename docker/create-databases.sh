#!/bin/bash
# Run once by the postgres image, on an empty data volume. Neither the service nor Temporal works as a superuser:
# row-level security does not hold for one.
set -euo pipefail

psql --set ON_ERROR_STOP=1 --set password="$POSTGRES_PASSWORD" --username "$POSTGRES_USER" --dbname postgres <<'SQL'
create role sferum login createrole password :'password';
alter role sferum set createrole_self_grant = 'set, inherit';
create database sferum owner sferum;
create role temporal login createdb password :'password';
SQL
