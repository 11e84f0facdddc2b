-- The schema of one installation. Every table that belongs to a school carries org_id and is under row-level
-- security; the school is set per transaction (db/connection.ts), and rows refer to rows of their own school only
-- (foreign keys carry org_id: a key alone is checked past row-level security). Roles:
--   app_school    what a school's requests and activities run as: one school, by policy
--   app_service   the service's own look-ups across schools: who owns this token, key, message; what must be started
--   app_operator  technical operation: counts and states, no personal data (columns are granted one by one)

do $$
declare r text;
begin
  foreach r in array array['app_school', 'app_service', 'app_operator'] loop
    begin
      execute format('create role %I nologin', r);
    exception when duplicate_object or unique_violation then null;
    end;
    execute format('grant %I to current_user', r);
  end loop;
end $$;

create function current_org() returns text language sql stable as $$ select current_setting('app.org_id', true) $$;

create table organizations (
  id text primary key,
  full_name text not null,
  short_name text not null,
  type text not null check (type in ('nosh', 'oosh', 'sosh', 'gymnasium', 'lyceum', 'preschool', 'extraEducation')),
  grade_max smallint not null check (grade_max between 0 and 11),
  inn text not null,
  ogrn text not null,
  kpp text,
  region text not null default '',
  address text not null,
  timezone text not null,
  school_week smallint not null check (school_week in (5, 6)),
  email text not null,
  phone text not null,
  settings jsonb not null default '{}',
  -- Calendar data the school's deadlines were last counted by.
  calendar_version text,
  staff_room_on date,
  registered_at timestamptz,
  created_at timestamptz not null default now()
);

create table public_numbers (
  org_id text not null references organizations,
  prefix text not null,
  year smallint not null,
  last integer not null,
  primary key (org_id, prefix, year)
);

create table people (
  id text primary key,
  org_id text not null references organizations,
  last_name text not null,
  first_name text not null,
  patronymic text,
  phone text,
  email text,
  search_key text not null,
  created_at timestamptz not null default now(),
  unique (org_id, id)
);
create index people_search on people (org_id, search_key);

create table memberships (
  id text primary key,
  org_id text not null references organizations,
  person_id text not null,
  kind text not null check (kind in ('staff', 'student', 'guardian')),
  roles text[] not null default '{}',
  position text,
  teaching_staff boolean not null default false,
  class_name text,
  guardian_of text,
  platform_status text not null default 'absent'
    check (platform_status in ('absent', 'invited', 'requested', 'joined', 'verified', 'removed', 'declined')),
  verification_waived_reason text,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  foreign key (org_id, person_id) references people (org_id, id)
);
create index memberships_person on memberships (org_id, person_id);
-- A person works in a school once; as a guardian the same person may be there for each child.
create unique index memberships_one_staff on memberships (org_id, person_id) where kind = 'staff' and ended_at is null;

create table orders (
  id text primary key,
  org_id text not null references organizations,
  kind text not null check (kind in ('main', 'staff', 'students')),
  number text not null,
  folded_number text not null,
  date date not null,
  title text not null,
  signed_by text,
  status text not null check (status in ('draft', 'registered', 'cancelled')),
  file_sha256 text,
  file_mime text,
  file_size integer,
  created_at timestamptz not null default now(),
  unique (org_id, id),
  foreign key (org_id, signed_by) references people (org_id, id)
);
create unique index orders_number on orders (org_id, kind, (extract(year from date)), folded_number) where status <> 'cancelled';

create table order_files (
  order_id text primary key,
  org_id text not null references organizations,
  content bytea not null,
  foreign key (org_id, order_id) references orders (org_id, id)
);

create table api_keys (
  id text primary key,
  org_id text references organizations,
  person_id text,
  name text not null,
  roles text[] not null,
  hash text not null unique,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz,
  foreign key (org_id, person_id) references people (org_id, id)
);

-- What runs. `start_input` is kept until the first step is recorded, so a start that Temporal never saw is made up for.
create table cohorts (
  id text primary key,
  org_id text not null references organizations,
  workflow_id text not null unique,
  start_input jsonb,
  status text not null default 'starting' check (status in ('starting', 'running', 'ended')),
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  unique (org_id, id)
);
create index cohorts_starting on cohorts (created_at) where status = 'starting';

-- The write-ahead log of a cohort: what went into each step, in order. A step that a crashed worker recorded and
-- Temporal never learned of is found here and adopted (docs/decisions/0001-step-log.md).
create table cohort_steps (
  cohort_id text not null,
  seq integer not null,
  org_id text not null references organizations,
  input_key text not null,
  inputs jsonb not null,
  at timestamptz not null,
  resolved jsonb not null,
  primary key (cohort_id, seq),
  foreign key (org_id, cohort_id) references cohorts (org_id, id)
);

create table handled_events (
  cohort_id text not null,
  event_id text not null,
  org_id text not null references organizations,
  result jsonb not null,
  primary key (cohort_id, event_id),
  foreign key (org_id, cohort_id) references cohorts (org_id, id)
);

create table processes (
  id text primary key,
  org_id text not null references organizations,
  cohort_id text not null,
  kind text not null,
  machine_version smallint not null,
  number text,
  state text not null,
  context jsonb not null,
  seq integer not null,
  opened_by text,
  opened_at timestamptz not null,
  changed_at timestamptz not null,
  ended_at timestamptz,
  foreign key (org_id, cohort_id) references cohorts (org_id, id)
);
create index processes_list on processes (org_id, kind, state, id);
create index processes_cohort on processes (cohort_id);
create unique index processes_one_registration on processes (org_id) where kind = 'organizationRegistration' and ended_at is null;

create table deadlines (
  process_id text not null,
  name text not null,
  org_id text not null references organizations,
  at timestamptz not null,
  rule jsonb not null,
  counted_from timestamptz not null,
  provisional boolean not null,
  primary key (process_id, name)
);
create index deadlines_at on deadlines (org_id, at);
create index deadlines_late on deadlines (at);

create table tasks (
  id text primary key,
  org_id text not null references organizations,
  cohort_id text not null,
  owner_id text not null,
  kind text not null,
  key text not null,
  state text not null,
  roles text[] not null,
  assignee text,
  due_at timestamptz,
  urgent boolean not null,
  overdue boolean not null,
  escalated boolean not null,
  snoozed_until timestamptz,
  values jsonb not null,
  attempt smallint not null,
  outcome jsonb,
  seq integer not null,
  opened_at timestamptz not null,
  closed_at timestamptz,
  foreign key (org_id, cohort_id) references cohorts (org_id, id)
);
create index tasks_open on tasks (org_id, due_at, id) where closed_at is null;
create index tasks_owner on tasks (owner_id);

create table timeline (
  id bigint generated always as identity primary key,
  org_id text not null references organizations,
  process_id text not null,
  owner_id text,
  cohort_id text not null,
  seq integer not null,
  at timestamptz not null,
  actor text not null check (actor in ('person', 'recipient', 'mail', 'timer', 'process')),
  person_id text,
  event text not null,
  from_state text,
  to_state text not null,
  applied boolean not null default true,
  clause text,
  note jsonb,
  unique (process_id, seq),
  foreign key (org_id, cohort_id) references cohorts (org_id, id)
);
create index timeline_owner on timeline (owner_id, id) where owner_id is not null;

create table letters (
  id text primary key,
  org_id text not null references organizations,
  process_id text not null,
  -- Null for letters that belong to no process of a cohort: the daily digest (process_id = 'digest:{org}:{date}').
  cohort_id text,
  code text not null,
  recipient jsonb not null,
  values jsonb not null,
  urgent boolean not null,
  state text not null default 'queued'
    check (state in ('queued', 'rendered', 'sending', 'accepted', 'failed', 'unknownOutcome', 'bounced', 'cancelled')),
  outside boolean not null,
  -- Everything personal is sealed: address, subject, body (as read on the screen, the personal link masked), the MIME
  -- with the fixed Message-ID.
  address text,
  subject text,
  body text,
  mime text,
  message_id text unique,
  attempts smallint not null default 0,
  first_attempt_at timestamptz,
  next_attempt_at timestamptz not null default now(),
  -- By the database's clock: until then an attempt of some worker is alive. A letter found in 'sending' after it is
  -- one whose attempt died.
  claimed_until timestamptz,
  last_error text,
  queued_at timestamptz not null,
  settled_at timestamptz,
  -- Set when the owner has been told the outcome.
  told_at timestamptz,
  unique (org_id, id),
  foreign key (org_id, cohort_id) references cohorts (org_id, id)
  -- A letter is written once and moved on several times: its sealed texts stay out of the row that is written anew.
) with (toast_tuple_target = 256);
create index letters_waiting on letters (cohort_id, next_attempt_at) where state in ('queued', 'rendered', 'sending');
create index letters_untold on letters (settled_at) where told_at is null;
create index letters_process on letters (process_id, queued_at);

create table letter_attempts (
  letter_id text not null,
  org_id text not null references organizations,
  attempt smallint not null,
  at timestamptz not null default now(),
  outcome text not null,
  detail text,
  primary key (letter_id, attempt, outcome),
  foreign key (org_id, letter_id) references letters (org_id, id)
);

-- What the application named when it went out (BR-03, BR-04): the administrator's name, e-mail and phone, the order.
create table registration_snapshots (
  process_id text primary key,
  org_id text not null references organizations,
  letter_id text not null,
  content text not null,
  frozen_at timestamptz not null,
  foreign key (org_id, letter_id) references letters (org_id, id)
);

create table inbound_messages (
  id text primary key,
  org_id text references organizations,
  source text not null,
  message_id text,
  content_hash text not null,
  kind text not null check (kind in ('answer', 'bounce', 'autoReply')),
  process_id text,
  letter_id text,
  content text not null,
  received_at timestamptz not null default now(),
  -- The whole message as it came, sealed; content is what people read of it, sealed.
  raw text not null,
  filed_by text,
  told_at timestamptz,
  unique (content_hash)
);

-- Where a mailbox has been read up to; a changed UIDVALIDITY starts over, the content hash keeps it from repeating.
create table mailbox_positions (
  mailbox text primary key,
  uid_validity bigint not null,
  last_uid bigint not null
);

create table invite_links (
  id text primary key,
  org_id text not null references organizations,
  process_id text not null unique,
  number text not null,
  target text not null check (target in ('staffRoom', 'class', 'chat')),
  target_id text not null default '',
  platform_role text not null check (platform_role in ('teacher', 'student', 'guardian')),
  scope text not null check (scope in ('group', 'personal')),
  url text,
  issued_at timestamptz,
  expires_at timestamptz,
  state text not null,
  platform_state text not null check (platform_state in ('none', 'live', 'revoked')),
  close_reason text,
  unique (org_id, id)
);

create table invitations (
  id text primary key,
  org_id text not null references organizations,
  process_id text not null unique,
  link_id text not null,
  person_id text not null,
  target text not null,
  target_id text not null default '',
  platform_role text not null,
  state text not null,
  delivery text not null,
  onboarding_id text,
  unique (org_id, id),
  foreign key (org_id, link_id) references invite_links (org_id, id),
  foreign key (org_id, person_id) references people (org_id, id)
);
-- BR-09: at most one live invitation per person, target and role.
create unique index invitations_live on invitations (org_id, person_id, target, target_id, platform_role) where state in ('planned', 'sent');
create index invitations_link on invitations (link_id);

create table invitation_tokens (
  hash text primary key,
  org_id text not null references organizations,
  invitation_id text not null,
  created_at timestamptz not null default now(),
  foreign key (org_id, invitation_id) references invitations (org_id, id)
);

-- What invited people said on the public page. Decided here, by the database's clock; the workflow is told after.
create table recipient_answers (
  id text primary key,
  org_id text not null references organizations,
  invitation_id text not null,
  type text not null check (type in ('OPENED', 'REQUEST_SENT', 'DECLINE', 'NEW_LINK_REQUESTED')),
  reason text,
  at timestamptz not null default now(),
  told_at timestamptz,
  closed_at timestamptz,
  foreign key (org_id, invitation_id) references invitations (org_id, id)
);
create unique index recipient_answers_once on recipient_answers (invitation_id, type) where type in ('REQUEST_SENT', 'DECLINE');
create unique index recipient_answers_pending on recipient_answers (invitation_id) where type = 'NEW_LINK_REQUESTED' and closed_at is null;
create index recipient_answers_untold on recipient_answers (at) where told_at is null;

create table staff_assignments (
  id text primary key,
  org_id text not null references organizations,
  process_id text not null unique,
  kind text not null check (kind in ('extraAdmin', 'classTeacher')),
  person_id text not null,
  class_name text,
  order_id text,
  state text not null,
  foreign key (org_id, person_id) references people (org_id, id),
  foreign key (org_id, order_id) references orders (org_id, id)
);

create table system_channels (
  org_id text not null references organizations,
  kind text not null check (kind in ('schoolWide', 'staff')),
  primary key (org_id, kind)
);

create table sweeps (
  id bigint generated always as identity primary key,
  org_id text not null references organizations,
  at timestamptz not null,
  checked integer not null,
  findings jsonb not null
);

create table idempotency_keys (
  scope text not null,
  key text not null,
  org_id text references organizations,
  fingerprint text not null,
  status smallint,
  headers jsonb,
  body text,
  created_at timestamptz not null default now(),
  completed_at timestamptz,
  primary key (scope, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);

-- Who looked at what: every display of a link's address or a phone (domain.md 11, 13).
create table journal (
  id bigint generated always as identity primary key,
  org_id text not null references organizations,
  at timestamptz not null default now(),
  person_id text,
  key_id text,
  action text not null,
  object text not null
);

do $$
declare t text;
begin
  foreach t in array array[
    'public_numbers', 'people', 'memberships', 'orders', 'order_files', 'api_keys', 'cohorts', 'cohort_steps',
    'handled_events', 'processes', 'deadlines', 'tasks', 'timeline', 'letters', 'letter_attempts', 'inbound_messages',
    'registration_snapshots',
    'invite_links', 'invitations', 'invitation_tokens', 'recipient_answers', 'staff_assignments', 'system_channels',
    'sweeps', 'idempotency_keys', 'journal'
  ] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy school on %I to app_school using (org_id = current_org()) with check (org_id = current_org())', t);
    execute format('grant select, insert, update, delete on %I to app_school', t);
  end loop;
end $$;
alter table organizations enable row level security;
alter table organizations force row level security;
create policy school on organizations to app_school using (id = current_org()) with check (id = current_org());
grant select, update on organizations to app_school;

-- The service: finds out whose a thing is, and what waits across schools. It opens schools.
create policy service on organizations to app_service using (true) with check (true);
grant select, insert on organizations to app_service;
create policy service on api_keys to app_service using (true) with check (true);
grant select, insert, update on api_keys to app_service;
-- What a key may do is what its person may do now: roles, no names.
create policy service on memberships for select to app_service using (true);
grant select (org_id, person_id, roles, ended_at) on memberships to app_service;
create policy service on invitation_tokens for select to app_service using (true);
grant select on invitation_tokens to app_service;
create policy service on cohorts for select to app_service using (true);
grant select on cohorts to app_service;
create policy service on cohort_steps for select to app_service using (true);
grant select (cohort_id, seq) on cohort_steps to app_service;
create policy service on deadlines for select to app_service using (true);
grant select (process_id, at) on deadlines to app_service;
create policy service on recipient_answers for select to app_service using (true);
grant select (id, org_id, invitation_id, type, at, told_at) on recipient_answers to app_service;
create policy service on letters for select to app_service using (true);
grant select (id, org_id, process_id, cohort_id, code, state, outside, message_id, next_attempt_at, claimed_until, queued_at, settled_at, told_at) on letters to app_service;
create policy service on processes for select to app_service using (true);
grant select (id, org_id, cohort_id, kind, state, number, ended_at) on processes to app_service;
create policy service on tasks for select to app_service using (true);
grant select (id, org_id, cohort_id, owner_id, kind, state, closed_at) on tasks to app_service;
create policy service on inbound_messages to app_service using (true) with check (true);
grant select, insert, update on inbound_messages to app_service;
grant select, insert, update on mailbox_positions to app_service;
create policy service on idempotency_keys to app_service using (true) with check (true);
grant select, insert, update, delete on idempotency_keys to app_service;

-- The operator: states and counts only.
create policy operator on organizations for select to app_operator using (true);
grant select (id, registered_at, created_at) on organizations to app_operator;
create policy operator on cohorts for select to app_operator using (true);
grant select (id, org_id, workflow_id, status, created_at, ended_at) on cohorts to app_operator;
create policy operator on processes for select to app_operator using (true);
grant select (id, org_id, cohort_id, kind, machine_version, state, seq, opened_at, changed_at, ended_at) on processes to app_operator;
create policy operator on deadlines for select to app_operator using (true);
grant select (process_id, name, org_id, at, provisional) on deadlines to app_operator;
create policy operator on tasks for select to app_operator using (true);
grant select (id, org_id, owner_id, kind, state, due_at, urgent, overdue, escalated, opened_at, closed_at) on tasks to app_operator;
create policy operator on letters for select to app_operator using (true);
grant select (id, org_id, process_id, code, state, attempts, first_attempt_at, next_attempt_at, last_error, queued_at, settled_at) on letters to app_operator;
