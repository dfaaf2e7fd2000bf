-- No query lists articles by owner.
drop index article_by_owner;
