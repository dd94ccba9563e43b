create table books (title varchar(255) primary key);
