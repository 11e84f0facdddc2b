-- Back from long leave is a movement of its own (domain.md 7.6): rights and chats come back.
alter table movements drop constraint movements_kind_check;
alter table movements add constraint movements_kind_check check (kind in
  ('enrollment', 'classTransfer', 'departure', 'readmission', 'hire', 'assignmentChange', 'longLeave', 'leaveReturn', 'staffDeparture'));
