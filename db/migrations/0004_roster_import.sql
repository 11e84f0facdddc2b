-- Import of rosters: a file becomes rows, rows become a plan that a person sees, the plan becomes people, memberships,
-- classes and loads. And exports, remembered until they are fetched.

create table imports (
  id text primary key,
  org_id text not null references organizations,
  process_id text not null unique,
  opened_by text not null,
  opened_at timestamptz not null default now(),
  file_name text not null,
  file_size integer not null,
  -- What the person said: the kind of file, the year, whether lists are complete; null where the file decides.
  wanted_kind text,
  wanted_year text,
  wanted_complete boolean,
  -- Of the machine.
  state text not null default 'received',
  -- What reading found: the kind, how the file is a table, its columns. Null until every row is there.
  kind text,
  academic_year text,
  complete boolean,
  found jsonb,
  failure jsonb,
  -- What the work is at: `reading`, `comparing`, `writing`; rows done, and of how many, where that is known.
  phase text,
  done integer not null default 0,
  total integer,
  -- The plan: a hash over what would be done with each row, how many of each, and what a person must confirm.
  version text,
  counts jsonb,
  confirmations jsonb not null default '[]',
  committed_at timestamptz,
  unique (org_id, id)
);
create index imports_list on imports (org_id, opened_at, id);

-- The file in pieces, sealed. It goes as soon as its rows are there: what is not asked for is not kept.
create table import_files (
  import_id text not null,
  seq integer not null,
  org_id text not null references organizations,
  key_id text not null,
  content bytea not null,
  primary key (import_id, seq),
  foreign key (org_id, import_id) references imports (org_id, id) on delete cascade
);

create table import_rows (
  import_id text not null,
  seq integer not null,
  org_id text not null references organizations,
  kind text not null check (kind in ('class', 'subject', 'staff', 'student', 'guardian', 'load')),
  -- Where it stands in the file; no line for somebody whom the file does not have.
  source text not null,
  line integer,
  ref text,
  match_key text not null,
  class_key text,
  data jsonb not null,
  problems jsonb not null default '[]',
  warnings jsonb not null default '[]',
  -- What a person decided about it, and about whom.
  decision text check (decision in ('same', 'new', 'skip')),
  decided_id text,
  decided_child text,
  -- The plan. `person_id` is the person it is about, known or to be entered under this id; a class, subject or load likewise.
  action text check (action in ('create', 'change', 'move', 'leave', 'same', 'ask', 'problem', 'skip')),
  person_id text,
  is_new boolean not null default false,
  membership_id text,
  guardian_of text,
  notes jsonb not null default '[]',
  candidates jsonb not null default '[]',
  changes jsonb not null default '[]',
  movement jsonb,
  primary key (import_id, seq),
  foreign key (org_id, import_id) references imports (org_id, id) on delete cascade
);
create index import_rows_matching on import_rows (import_id, kind, match_key, seq);
create index import_rows_action on import_rows (import_id, action, seq);
create index import_rows_person on import_rows (import_id, person_id);
create index import_rows_ref on import_rows (import_id, ref) where ref is not null;

-- Codes of other systems: the same person when the file comes again, whatever the name is then.
create table external_codes (
  org_id text not null references organizations,
  code text not null,
  person_id text not null,
  primary key (org_id, code),
  foreign key (org_id, person_id) references people (org_id, id)
);

-- What a committed import found that only an order may do (BR-16): who is in another class, who is gone, who is back.
create table import_movements (
  id text primary key,
  org_id text not null references organizations,
  import_id text not null,
  kind text not null check (kind in ('classTransfer', 'departure', 'readmission', 'staffDeparture')),
  person_id text not null,
  membership_id text,
  to_class_id text,
  -- The movement that took it up.
  movement_id text,
  found_at timestamptz not null default now(),
  foreign key (org_id, person_id) references people (org_id, id),
  foreign key (org_id, to_class_id) references school_classes (org_id, id)
);
create unique index import_movements_waiting on import_movements (org_id, person_id, kind) where movement_id is null;

-- Who asked for which register to take away; it is written when it is fetched, within a day.
create table exports (
  id text primary key,
  org_id text not null references organizations,
  person_id text not null,
  register text not null,
  format text not null check (format in ('csv', 'xlsx')),
  academic_year text not null,
  -- Contacts stand in it in full.
  full_contacts boolean not null,
  created_at timestamptz not null default now(),
  foreign key (org_id, person_id) references people (org_id, id)
);

do $$
declare t text;
begin
  foreach t in array array['imports', 'import_files', 'import_rows', 'external_codes', 'import_movements', 'exports'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy school on %I to app_school using (org_id = current_org()) with check (org_id = current_org())', t);
    execute format('grant select, insert, update, delete on %I to app_school', t);
  end loop;
end $$;
