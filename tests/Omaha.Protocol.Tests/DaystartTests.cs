using System.Globalization;

namespace Omaha.Protocol.Tests;

public class DaystartTests
{
    private const string Pacific = "America/Los_Angeles";

    [Theory]
    [InlineData("2007-01-01T00:00:00Z", "UTC", 0, 0)]
    [InlineData("2016-03-04T12:00:00Z", "UTC", 3350, 43200)]
    [InlineData("2014-01-01T15:41:48Z", "UTC", 2557, 56508)]
    [InlineData("2019-11-09T12:20:37-08:00", Pacific, 4695, 44437)]
    [InlineData("2023-10-26T23:59:59.999Z", "UTC", 6142, 86399)]
    public void Days_and_seconds_are_those_of_the_zone(string at, string zone, int days, int seconds) => Check(at, zone, days, seconds);

    [Theory]
    [InlineData("2024-06-01T06:59:59Z", 6360, 86399)]
    [InlineData("2024-06-01T07:00:00Z", 6361, 0)]
    public void Day_changes_at_the_midnight_of_the_zone(string at, int days, int seconds) => Check(at, Pacific, days, seconds);

    [Theory]
    [InlineData("2024-03-10T09:59:59Z", 6278, 7199)]
    [InlineData("2024-03-10T10:00:00Z", 6278, 7200)]
    [InlineData("2024-03-11T06:59:59Z", 6278, 82799)]
    [InlineData("2024-03-11T07:00:00Z", 6279, 0)]
    public void Day_has_23_hours_when_the_clocks_go_forward(string at, int days, int seconds) => Check(at, Pacific, days, seconds);

    [Theory]
    [InlineData("2024-11-03T08:30:00Z", 6516, 5400)]
    [InlineData("2024-11-03T09:30:00Z", 6516, 9000)]
    [InlineData("2024-11-04T07:59:59Z", 6516, 89999)]
    [InlineData("2024-11-04T08:00:00Z", 6517, 0)]
    public void Day_has_25_hours_when_the_clocks_go_back(string at, int days, int seconds) => Check(at, Pacific, days, seconds);

    [Theory]
    [InlineData("2018-11-04T02:59:59Z", 4324, 86399)]
    [InlineData("2018-11-04T03:00:00Z", 4325, 0)]
    [InlineData("2018-11-05T01:59:59Z", 4325, 82799)]
    public void Day_begins_at_one_when_its_midnight_does_not_exist(string at, int days, int seconds) => Check(at, "America/Sao_Paulo", days, seconds);

    [Theory]
    [InlineData("2023-11-05T04:00:00Z", 6152, 0)]
    [InlineData("2023-11-05T05:00:00Z", 6152, 3600)]
    [InlineData("2023-11-06T04:59:59Z", 6152, 89999)]
    public void Day_begins_at_the_first_midnight_when_there_are_two(string at, int days, int seconds) => Check(at, "America/Havana", days, seconds);

    [Theory]
    [InlineData("2024-03-31T00:59:59Z", 6298, 86399)]
    [InlineData("2024-03-31T01:00:00Z", 6299, 0)]
    [InlineData("2024-03-31T01:13:00Z", 6299, 780)]
    public void Day_begins_at_midnight_when_the_zone_changes_its_offset_and_its_summer_time_at_once(string at, int days, int seconds) =>
        Check(at, "America/Scoresbysund", days, seconds);

    [Fact]
    public void Seconds_count_on_without_a_step_in_every_zone()
    {
        foreach (var zone in TimeZoneInfo.GetSystemTimeZones())
        {
            var step = TimeSpan.FromMinutes(691);
            var end = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
            for (var at = end.AddYears(-1); at < end; at += step)
            {
                var (now, next) = (Daystart.At(at, zone), Daystart.At(at + step, zone));
                if (next.ElapsedDays == now.ElapsedDays) Assert.Equal(step.TotalSeconds, next.ElapsedSeconds - now.ElapsedSeconds);
                else Assert.InRange(next.ElapsedSeconds, 0, step.TotalSeconds - 1);
            }
        }
    }

    private static void Check(string at, string zone, int days, int seconds) => Assert.Equal(
        new Daystart(days, seconds),
        Daystart.At(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture).ToUniversalTime(), TimeZoneInfo.FindSystemTimeZoneById(zone)));
}
