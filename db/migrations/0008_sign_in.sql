-- How people come into the console: one-time links, passwords where the school wants them, and what stays of it: a
-- session on the server (docs/decisions/0016-console.md). Secrets are kept as hashes. Whose they are only the service
-- finds out; a school sees none of it, but writes the link of a letter it sends. A null org_id is the operator.

create table sign_in_links (
  hash text primary key,
  org_id text references organizations,
  person_id text,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  foreign key (org_id, person_id) references people (org_id, id)
);

create table passwords (
  org_id text not null references organizations,
  person_id text not null,
  -- argon2id with its parameters and its salt.
  hash text not null,
  changed_at timestamptz not null default now(),
  primary key (org_id, person_id),
  foreign key (org_id, person_id) references people (org_id, id)
);

create table sessions (
  id text primary key,
  hash text not null unique,
  org_id text references organizations,
  person_id text,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  ended_at timestamptz,
  foreign key (org_id, person_id) references people (org_id, id)
);
create index sessions_of_person on sessions (org_id, person_id) where ended_at is null;

-- What was tried in the name of an address, whether anybody has it or not: the lock-out tells nothing.
create table sign_in_attempts (
  login_hash text not null,
  kind text not null check (kind in ('link', 'password')),
  at timestamptz not null default now()
);
create index sign_in_attempts_login on sign_in_attempts (login_hash, kind, at);

do $$
declare t text;
begin
  foreach t in array array['sign_in_links', 'passwords', 'sessions'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy service on %I to app_service using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to app_service', t);
  end loop;
end $$;
grant select, insert, delete on sign_in_attempts to app_service;

create policy school on sign_in_links to app_school using (org_id = current_org()) with check (org_id = current_org());
grant select, insert on sign_in_links to app_school;

-- Who has this address: ids, and the address it is found by.
create index people_email on people (lower(email)) where email is not null;
create policy service on people for select to app_service using (true);
grant select (id, org_id, email) on people to app_service;

-- The letter with the link belongs to no process; the service queues it without looking at any other.
create policy service_sign_in on letters for insert to app_service with check (code = 'L-SIGN-IN');
grant insert on letters to app_service;
