-- Spaces on the platform get their process (domain.md 7.7); class teachers are found by class, whoever has several too.

-- A chat of a subject is for the group that is taught: its teacher may change, one teacher may lead several.
alter table spaces add column class_group text not null default '';
alter table spaces add column created_at timestamptz not null default now();
drop index spaces_one;
create unique index spaces_one on spaces (org_id, kind, coalesce(class_id, ''), coalesce(subject_id, ''), class_group)
  where kind <> 'other' and state not in ('archived', 'cancelled');
create index spaces_class on spaces (org_id, class_id);
create index spaces_owner on spaces (org_id, owner_id);
create index memberships_child on memberships (org_id, guardian_of) where kind = 'guardian' and ended_at is null;

-- A load that is over stays, for who looks back and for a movement that is reversed.
alter table teaching_loads add column ended_at timestamptz;
alter table teaching_loads drop constraint teaching_loads_org_id_class_id_subject_id_person_id_class_g_key;
create unique index teaching_loads_once on teaching_loads (org_id, class_id, subject_id, person_id, class_group) where ended_at is null;

alter table staff_assignments add column class_id text;
alter table staff_assignments add foreign key (org_id, class_id) references school_classes (org_id, id);
update staff_assignments a set class_id = c.id from school_classes c where c.org_id = a.org_id and c.name = a.class_name and c.closed_at is null;

-- A link into a chat belongs to the chat's owner.
alter table invite_links add column owner_id text;
alter table invite_links add foreign key (org_id, owner_id) references people (org_id, id);

-- Who has joined is in «Учительская», and so in the channel of the staff.
insert into places (org_id, space_id, person_id, standing)
  select distinct m.org_id, s.id, m.person_id, case s.kind when 'staffRoom' then 'there' else 'expected' end
  from memberships m join spaces s on s.org_id = m.org_id and s.kind in ('staffRoom', 'staffChannel')
  where m.kind = 'staff' and m.ended_at is null and m.platform_status in ('joined', 'verified');

-- A membership names one class; a teacher of two has an assignment for each.
create view class_teachers with (security_invoker = true) as
  select m.org_id, m.class_id, m.person_id from memberships m
  where m.kind = 'staff' and m.ended_at is null and 'classTeacher' = any (m.roles) and m.class_id is not null
  union
  select a.org_id, a.class_id, a.person_id from staff_assignments a join memberships m on m.org_id = a.org_id and m.person_id = a.person_id
  where a.kind = 'classTeacher' and a.state = 'active' and a.class_id is not null and m.kind = 'staff' and m.ended_at is null;
grant select on class_teachers to app_school;
