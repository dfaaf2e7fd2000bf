-- Files elsewhere that belong to articles, as JSON, and an image that represents each.
alter table article
    add column attachments jsonb not null default '[]',
    add column image text;
