-- Pupils and guardians of a class joining a chat (domain.md 7.5): projection of `chatJoining`. Where a school keeps no lists
-- by name, whom a link is for is known, and how many joined; who joined is not.

create table joinings (
  id text primary key,
  org_id text not null references organizations,
  process_id text not null unique,
  space_id text not null,
  class_id text not null,
  audience text not null check (audience in ('student', 'guardian')),
  owner_id text not null,
  link_id text not null,
  by_name boolean not null,
  handed_out integer not null,
  -- As reported; by name the invitations say it.
  joined integer not null,
  declined integer not null,
  state text not null,
  opened_at timestamptz not null,
  unique (org_id, id),
  foreign key (org_id, space_id) references spaces (org_id, id),
  foreign key (org_id, class_id) references school_classes (org_id, id),
  foreign key (org_id, owner_id) references people (org_id, id),
  foreign key (org_id, link_id) references invite_links (org_id, id)
);
create index joinings_class on joinings (org_id, class_id);
create index joinings_space on joinings (org_id, space_id);
create index joinings_owner on joinings (org_id, owner_id);

-- Whom the link is for. A pupil among guardians stands for those of theirs whom the register does not know.
create table joining_people (
  org_id text not null references organizations,
  joining_id text not null,
  person_id text not null,
  primary key (joining_id, person_id),
  foreign key (org_id, joining_id) references joinings (org_id, id),
  foreign key (org_id, person_id) references people (org_id, id)
);

-- Pages that everybody of a class gets, where nobody is known by name.
create table link_tokens (
  hash text primary key,
  org_id text not null references organizations,
  link_id text not null,
  created_at timestamptz not null default now(),
  foreign key (org_id, link_id) references invite_links (org_id, id)
);
create index link_tokens_link on link_tokens (org_id, link_id);
create policy service on link_tokens for select to app_service using (true);
grant select on link_tokens to app_service;

-- A guardian's refusal is final (BR-19): it is looked up before each invitation.
create index invitations_declined on invitations (org_id, person_id, target, target_id) where state = 'declined';

do $$
declare t text;
begin
  foreach t in array array['joinings', 'joining_people', 'link_tokens'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy school on %I to app_school using (org_id = current_org()) with check (org_id = current_org())', t);
    execute format('grant select, insert, update, delete on %I to app_school', t);
  end loop;
end $$;
