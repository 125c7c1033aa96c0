-- Version 1. {id} and {blob} stand for what the database calls a growing key and bytes; times are milliseconds since 1970, UTC; JSON is text.
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE cameras (
  id TEXT PRIMARY KEY, name TEXT, place TEXT, x {real}, y {real}, retention BIGINT, version BIGINT NOT NULL DEFAULT 1);

CREATE TABLE people (id {id}, name TEXT, notes TEXT, created BIGINT NOT NULL, version BIGINT NOT NULL DEFAULT 1);

-- Bytes are null where the store keeps pictures in files beside the database.
CREATE TABLE pictures (hash TEXT PRIMARY KEY, size BIGINT NOT NULL, content {blob});
-- Files that a committed erasure has still to delete.
CREATE TABLE doomed (hash TEXT PRIMARY KEY);

CREATE TABLE sightings (
  id {id}, key TEXT NOT NULL UNIQUE, picture TEXT NOT NULL REFERENCES pictures (hash), camera TEXT REFERENCES cameras (id), taken BIGINT,
  person BIGINT REFERENCES people (id), track TEXT, box TEXT, source TEXT, frame BIGINT, time BIGINT, label TEXT, notes TEXT,
  filed BIGINT NOT NULL, version BIGINT NOT NULL DEFAULT 1);
CREATE INDEX sightings_by_camera ON sightings (camera, taken);
CREATE INDEX sightings_by_person ON sightings (person);
CREATE INDEX sightings_by_picture ON sightings (picture);

CREATE TABLE models (
  fingerprint TEXT PRIMARY KEY, description TEXT NOT NULL, state TEXT NOT NULL, spaces TEXT NOT NULL, calibration TEXT, added BIGINT NOT NULL);
CREATE TABLE model_files (
  model TEXT NOT NULL REFERENCES models (fingerprint), name TEXT NOT NULL, part BIGINT NOT NULL, content {blob} NOT NULL, PRIMARY KEY (model, name, part));

CREATE TABLE embeddings (
  model TEXT NOT NULL REFERENCES models (fingerprint), space TEXT NOT NULL, sighting BIGINT NOT NULL REFERENCES sightings (id), vector {blob} NOT NULL,
  PRIMARY KEY (model, space, sighting));
CREATE INDEX embeddings_by_sighting ON embeddings (sighting);
{vectors}

-- What servers follow; a number is never given twice, and numbers become visible in their order.
CREATE TABLE changes (seq {id}, kind TEXT NOT NULL, sighting BIGINT, time BIGINT NOT NULL);

CREATE TABLE jobs (
  id {id}, kind TEXT NOT NULL, title TEXT NOT NULL, settings TEXT NOT NULL, state TEXT NOT NULL, actor TEXT NOT NULL, created BIGINT NOT NULL, finished BIGINT);
CREATE TABLE work (
  id {id}, job BIGINT NOT NULL REFERENCES jobs (id), item TEXT NOT NULL, state BIGINT NOT NULL DEFAULT 0, reason TEXT, sightings BIGINT NOT NULL DEFAULT 0,
  worker TEXT, until BIGINT NOT NULL DEFAULT 0, attempts BIGINT NOT NULL DEFAULT 0);
CREATE INDEX work_by_state ON work (state, job, id);
CREATE INDEX work_by_job ON work (job, state);

CREATE TABLE audit (
  seq BIGINT PRIMARY KEY, time BIGINT NOT NULL, actor TEXT NOT NULL, role TEXT NOT NULL, action TEXT NOT NULL, subject TEXT, purpose TEXT, details TEXT,
  previous TEXT NOT NULL, hash TEXT NOT NULL);
{append_only}

CREATE TABLE keys (
  id {id}, name TEXT NOT NULL, role TEXT NOT NULL, hash TEXT NOT NULL UNIQUE, created BIGINT NOT NULL, expires BIGINT, revoked BIGINT);
CREATE TABLE sessions (hash TEXT PRIMARY KEY, key BIGINT NOT NULL REFERENCES keys (id), created BIGINT NOT NULL, expires BIGINT NOT NULL);
CREATE TABLE requests (
  actor TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL, status BIGINT NOT NULL, body TEXT NOT NULL, created BIGINT NOT NULL, PRIMARY KEY (actor, key));
