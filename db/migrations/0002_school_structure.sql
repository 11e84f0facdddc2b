-- The structure of a school (R2.1-05): classes of academic years, subjects, who teaches what, the spaces on the platform
-- (chats, channels, classes, «Учительская»), and who is in them.

create table school_classes (
  id text primary key,
  org_id text not null references organizations,
  academic_year text not null check (academic_year ~ '^\d{4}-\d{4}$'),
  -- Several for a combined class.
  grades smallint[] not null check (cardinality(grades) > 0),
  letter text not null default '',
  name text not null,
  folded_name text not null,
  -- The name a person gave it on the platform; null until somebody has confirmed that it is there.
  platform_name text,
  closed_at timestamptz,
  created_at timestamptz not null default now(),
  unique (org_id, id)
);
create unique index school_classes_name on school_classes (org_id, academic_year, folded_name) where closed_at is null;

create table subjects (
  id text primary key,
  org_id text not null references organizations,
  name text not null,
  folded_name text not null,
  unique (org_id, id),
  unique (org_id, folded_name)
);

create table teaching_loads (
  id text primary key,
  org_id text not null references organizations,
  class_id text not null,
  subject_id text not null,
  person_id text not null,
  -- Part of the class («1-я группа»); empty for all of it.
  class_group text not null default '',
  unique (org_id, class_id, subject_id, person_id, class_group),
  foreign key (org_id, class_id) references school_classes (org_id, id),
  foreign key (org_id, subject_id) references subjects (org_id, id),
  foreign key (org_id, person_id) references people (org_id, id)
);
create index teaching_loads_person on teaching_loads (org_id, person_id);

-- A membership is in a class of an academic year; the next year is another membership. Which order began and ended it.
alter table memberships add column class_id text;
alter table memberships add column starts_on date;
alter table memberships add column ends_on date;
alter table memberships add column basis_order_id text;
alter table memberships add column end_order_id text;
alter table memberships add column previous_id text;
insert into school_classes (id, org_id, academic_year, grades, letter, name, folded_name)
  select 'cls_' || replace(gen_random_uuid()::text, '-', ''), org_id, y.key, array[substring(class_name from '^\d+')::smallint],
    regexp_replace(class_name, '^\d+-?', ''), class_name,
    substring(class_name from '^\d+') || ':' || translate(regexp_replace(class_name, '^\d+-?', ''), 'Ё-', 'Е')
  from (select distinct org_id, class_name from memberships where class_name is not null) found,
    (select case when extract(month from now()) >= 9 then extract(year from now()) || '-' || extract(year from now()) + 1
                 else extract(year from now()) - 1 || '-' || extract(year from now()) end as key) y;
update memberships m set class_id = c.id from school_classes c where c.org_id = m.org_id and c.name = m.class_name;
alter table memberships drop column class_name;
alter table memberships add foreign key (org_id, class_id) references school_classes (org_id, id);
alter table memberships add foreign key (org_id, basis_order_id) references orders (org_id, id);
alter table memberships add foreign key (org_id, end_order_id) references orders (org_id, id);
create index memberships_class on memberships (org_id, class_id) where ended_at is null;
-- A pupil learns in one class at a time.
create unique index memberships_one_class on memberships (org_id, person_id) where kind = 'student' and ended_at is null;

-- Spaces on the platform: projection of `communicationSpace`; the staff room and the two system channels (BR-22) come
-- with the registration and have no process until somebody plans them.
create table spaces (
  id text primary key,
  org_id text not null references organizations,
  process_id text unique,
  kind text not null check (kind in ('schoolWideChannel', 'staffChannel', 'staffRoom', 'schoolClass', 'headDeputies', 'headTeachers',
    'headParents', 'headStudents', 'classStudents', 'classGuardians', 'classTeachers', 'subjectClass', 'other')),
  class_id text,
  subject_id text,
  name text not null,
  -- Who may issue invitations into it, beside administrators.
  owner_id text,
  state text not null,
  -- Sealed ('linkUrl').
  url text,
  unique (org_id, id),
  foreign key (org_id, class_id) references school_classes (org_id, id),
  foreign key (org_id, subject_id) references subjects (org_id, id),
  foreign key (org_id, owner_id) references people (org_id, id)
);
create unique index spaces_one on spaces (org_id, kind, coalesce(class_id, ''), coalesce(subject_id, ''), coalesce(owner_id, ''))
  where kind not in ('other') and state not in ('archived', 'cancelled');

-- Who is in which space on the platform: `expected` was invited or is presumed there, `there` was confirmed by a person.
-- What the register says people should be in, less this, is what is left to add; this, less that, to remove.
create table places (
  org_id text not null references organizations,
  space_id text not null,
  person_id text not null,
  standing text not null check (standing in ('expected', 'there')),
  since timestamptz not null default now(),
  primary key (space_id, person_id),
  foreign key (org_id, space_id) references spaces (org_id, id),
  foreign key (org_id, person_id) references people (org_id, id)
);
create index places_person on places (org_id, person_id);

insert into spaces (id, org_id, kind, name, state)
  select 'spc_' || replace(gen_random_uuid()::text, '-', ''), o.id, s.kind, s.name, 'active'
  from organizations o, (values ('staffRoom', 'Учительская'), ('schoolWideChannel', 'Общешкольный канал'), ('staffChannel', 'Сотрудники')) s (kind, name)
  where o.registered_at is not null;
drop table system_channels;

do $$
declare t text;
begin
  foreach t in array array['school_classes', 'subjects', 'teaching_loads', 'spaces', 'places'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy school on %I to app_school using (org_id = current_org()) with check (org_id = current_org())', t);
    execute format('grant select, insert, update, delete on %I to app_school', t);
  end loop;
end $$;
