import { MemcachedEngine } from "../../../modules/memcached";

describe("MemcachedEngine", () => {
  test.each([
    { version: "1.6.22", family: "memcached1.6", speaksTls: true },
    { version: "1.6.12", family: "memcached1.6", speaksTls: true },
    { version: "1.6.6", family: "memcached1.6", speaksTls: false },
    { version: "1.5.16", family: "memcached1.5", speaksTls: false },
    { version: "1.4.14", family: "memcached1.4", speaksTls: false },
    { version: "1.7.0", family: "memcached1.7", speaksTls: true },
  ])("$version is of family $family", ({ version, family, speaksTls }) => {
    expect(MemcachedEngine.of({ version })).toMatchObject({ version, family, speaksTls, port: 11211 });
    expect(MemcachedEngine.of({ version, family })).toMatchObject({ family });
  });

  test.each([
    { what: "a version without its patch", version: "1.6", message: /got 1\.6, .*Fix: write it like "1\.6\.22"/ },
    {
      what: "one before auto discovery",
      version: "1.4.13",
      message: /allowed: 1\.4\.14, the first with auto discovery/,
    },
    {
      what: "a family of another version",
      version: "1.6.22",
      family: "memcached1.5",
      message: /family of memcached 1\.6\.22: got memcached1\.5, allowed: memcached1\.6\. Fix: leave it out/,
    },
  ])("refuses $what", ({ version, family, message }) => {
    expect(() => MemcachedEngine.of({ version, ...(family && { family }) })).toThrow(message);
  });
});
