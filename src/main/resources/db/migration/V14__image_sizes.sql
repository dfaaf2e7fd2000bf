-- The dimensions of images, a tiny preview, and the smaller sizes that are stored too, such as '480.jpg'. The dimensions
-- are null until they are known, and 0 for an image that can't be read.
alter table image
    add column width int,
    add column height int,
    add column preview text,
    add column sizes text[] not null default '{}';
-- Where width is null
create index image_without_sizes on image (created_at) where width is null;
