-- The year's end (domain.md 7.11): one decision for every pupil, what its application did, so that it can be taken back.

create table promotions (
  id text primary key,
  org_id text not null references organizations,
  process_id text unique,
  from_year text not null,
  to_year text not null,
  state text not null default 'preparing',
  -- What the application did: which approval it was, the event it answered with, and the last approval that was rolled back.
  applied_attempt integer,
  applied jsonb,
  rolled_back_attempt integer not null default 0,
  rolled_back jsonb,
  -- Steps on the platform whose confirmation has reached the places.
  settled_steps text[] not null default '{}',
  created_at timestamptz not null default now(),
  unique (org_id, id)
);
create unique index promotions_one on promotions (org_id, from_year) where state <> 'cancelled';

create table promotion_decisions (
  promotion_id text not null,
  membership_id text not null references memberships,
  org_id text not null references organizations,
  person_id text not null,
  class_id text not null,
  decision text not null check (decision in ('promote', 'promoteConditionally', 'repeat', 'graduate', 'leave', 'undecided')),
  target_class_id text,
  reason text,
  -- Null while it is the proposal of the service.
  decided_by text,
  -- The membership that the application began; null before it and after a roll-back.
  new_membership_id text,
  primary key (promotion_id, membership_id),
  foreign key (org_id, promotion_id) references promotions (org_id, id),
  foreign key (org_id, person_id) references people (org_id, id),
  foreign key (org_id, class_id) references school_classes (org_id, id),
  foreign key (org_id, target_class_id) references school_classes (org_id, id)
);
create index promotion_decisions_class on promotion_decisions (promotion_id, class_id);

-- Where a class went as a whole: its spaces and its class teachers went along (spaces, memberships and assignments by id).
create table promotion_classes (
  promotion_id text not null,
  class_id text not null,
  org_id text not null references organizations,
  target_class_id text,
  spaces text[] not null default '{}',
  teachers text[] not null default '{}',
  assignments text[] not null default '{}',
  primary key (promotion_id, class_id),
  foreign key (org_id, promotion_id) references promotions (org_id, id),
  foreign key (org_id, class_id) references school_classes (org_id, id),
  foreign key (org_id, target_class_id) references school_classes (org_id, id)
);

do $$
declare t text;
begin
  foreach t in array array['promotions', 'promotion_decisions', 'promotion_classes'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy school on %I to app_school using (org_id = current_org()) with check (org_id = current_org())', t);
    execute format('grant select, insert, update, delete on %I to app_school', t);
  end loop;
end $$;
