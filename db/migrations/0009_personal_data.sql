-- The life of personal data (domain.md 13): who has left becomes a pseudonym, and an act says what was destroyed.

-- When the person was pseudonymised, the last time something of theirs was erased.
alter table people add column erased_at timestamptz;
alter table inbound_messages add column erased_at timestamptz;

-- Acts of destruction. They name the people by pseudonym and id, and are never changed.
create table erasure_certificates (
  id text primary key,
  org_id text not null references organizations,
  number text not null,
  at timestamptz not null,
  rule text not null check (rule in ('leavers', 'demand', 'importTerm', 'linkTerm')),
  -- Who erased; null is the service, by term.
  erased_by text,
  -- How many things of each kind.
  counts jsonb not null,
  people jsonb not null default '[]',
  unique (org_id, number),
  foreign key (org_id, erased_by) references people (org_id, id)
);
create index erasure_certificates_list on erasure_certificates (org_id, at, id);
alter table erasure_certificates enable row level security;
alter table erasure_certificates force row level security;
create policy school on erasure_certificates to app_school using (org_id = current_org()) with check (org_id = current_org());
grant select, insert on erasure_certificates to app_school;

-- The journal is a chain: each line has the hash of the one before, the school's last is kept apart. A line that was changed,
-- taken out or put in between shows. Lines are only ever added.
alter table journal add column seq bigint;
alter table journal add column prev_hash text;
alter table journal add column hash text;
create unique index journal_chain on journal (org_id, seq);

create table journal_heads (
  org_id text primary key references organizations,
  seq bigint not null,
  hash text not null
);
alter table journal_heads enable row level security;
alter table journal_heads force row level security;
create policy school on journal_heads to app_school using (org_id = current_org()) with check (org_id = current_org());
grant select, insert, update on journal_heads to app_school;

create function journal_hash(line journal) returns text language sql stable as $$
  select encode(sha256(convert_to(jsonb_build_array(line.prev_hash, line.seq, line.org_id, (extract(epoch from line.at) * 1000000)::bigint,
    line.person_id, line.key_id, line.action, line.object)::text, 'UTF8')), 'hex')
$$;

create function chain_journal() returns trigger language plpgsql as $$
declare head journal_heads;
begin
  insert into journal_heads (org_id, seq, hash) values (new.org_id, 0, '') on conflict do nothing;
  -- Writers of one school wait for each other here, until the line before stands or does not.
  select * into head from journal_heads where org_id = new.org_id for update;
  new.seq := head.seq + 1;
  new.prev_hash := head.hash;
  new.hash := journal_hash(new);
  update journal_heads set seq = new.seq, hash = new.hash where org_id = new.org_id;
  return new;
end $$;
create trigger chain_journal before insert on journal for each row execute function chain_journal();
revoke update, delete on journal from app_school;
