-- Compressing the words of an article takes a third of the time of writing them, and saves little space. Existing rows stay
-- compressed until they change.
alter table article alter column search set storage external, alter column was_search set storage external;
alter table feed_log alter column search set storage external, alter column was_search set storage external;
