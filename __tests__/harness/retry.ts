/**
 * With REQUIRE_ALL=1 a test that failed runs once more, and its first failure is printed: these tests drive real programs
 * on machines of any load, and one program that started late must not hold back a change. A real fault fails twice.
 */
if (process.env.REQUIRE_ALL === "1") jest.retryTimes(1, { logErrorsBeforeRetry: true });
