-- Movement of pupils and staff (domain.md 7.6): what was decided, what the register was changed by, what is left on the
-- platform.

create table movements (
  id text primary key,
  org_id text not null references organizations,
  process_id text not null unique,
  -- The order in which movements were entered; it decides between two of one day.
  entered bigint generated always as identity,
  number text not null,
  kind text not null check (kind in ('enrollment', 'classTransfer', 'departure', 'readmission', 'hire', 'assignmentChange', 'longLeave', 'staffDeparture')),
  person_id text not null,
  effective_on date not null,
  from_class_id text,
  to_class_id text,
  reason text,
  details jsonb not null default '{}',
  state text not null default 'draft',
  order_id text,
  reverse_order_id text,
  -- The membership it begins (enrolment, transfer, return, hire).
  membership_id text not null,
  -- When the register was changed, and changed back; the events that said so, for who asks again.
  begun_at timestamptz,
  begun jsonb,
  taken_back_at timestamptz,
  taken_back jsonb,
  -- What it did beside memberships: loads, roles, classes, chats, assignments.
  applied jsonb not null default '{}',
  -- Steps on the platform as they were last planned or reported, and those whose confirmation has reached the places.
  steps jsonb not null default '[]',
  settled_steps text[] not null default '{}',
  -- A later movement of the person has what was left of this one.
  overtaken boolean not null default false,
  created_at timestamptz not null default now(),
  unique (org_id, id),
  foreign key (org_id, person_id) references people (org_id, id),
  foreign key (org_id, from_class_id) references school_classes (org_id, id),
  foreign key (org_id, to_class_id) references school_classes (org_id, id),
  foreign key (org_id, order_id) references orders (org_id, id),
  foreign key (org_id, reverse_order_id) references orders (org_id, id)
);
-- The same thing does not happen to a person twice on one day.
create unique index movements_once on movements (org_id, person_id, kind, effective_on) where state not in ('cancelled', 'reversed');
create index movements_list on movements (org_id, created_at, id);
create index movements_person on movements (org_id, person_id);
create index movements_order on movements (org_id, order_id);
create index movements_open on movements (org_id) where state in ('platformWork', 'reversing');

-- Which movement began a membership and which ended it. What ended it otherwise is kept: a movement that is entered
-- later for an earlier day may be taken back.
alter table memberships add column begun_by text;
alter table memberships add column ended_by text;
alter table memberships add column own_end jsonb;
alter table memberships add foreign key (org_id, begun_by) references movements (org_id, id);
alter table memberships add foreign key (org_id, ended_by) references movements (org_id, id);

-- Rights and classes that the register has taken from somebody and that are still there on the platform, where no
-- assignment looks after them.
create table duties_left (
  org_id text not null references organizations,
  person_id text not null,
  duty text not null check (duty in ('platformAdmin', 'extraAdmin', 'classTeacher')),
  class_id text not null default '',
  movement_id text not null,
  primary key (person_id, duty, class_id),
  foreign key (org_id, person_id) references people (org_id, id),
  foreign key (org_id, movement_id) references movements (org_id, id)
);

do $$
declare t text;
begin
  foreach t in array array['movements', 'duties_left'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy school on %I to app_school using (org_id = current_org()) with check (org_id = current_org())', t);
    execute format('grant select, insert, update, delete on %I to app_school', t);
  end loop;
end $$;
