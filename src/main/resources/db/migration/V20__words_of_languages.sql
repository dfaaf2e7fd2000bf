-- Freshet divides texts into words itself, since PostgreSQL's parser knows one language and takes each character outside of
-- ASCII for a letter. So the column is written with the article.
alter table article alter column search drop expression;
alter table article alter column search set default '';

-- The progress of the task that replaces the words of existing rows, from the newest to the oldest. It has no row when
-- the task is done.
create table search_rewrite (
    one       boolean primary key default true check (one),
    -- The task continues below this article, then below this event.
    article   uuid not null default 'ffffffff-ffff-ffff-ffff-ffffffffffff',
    seq       bigint not null default 9223372036854775807,
    -- Whether all articles are done, and events follow.
    in_log    boolean not null default false,
    rewritten bigint not null default 0
);
insert into search_rewrite (one) select true where exists (select from article);
