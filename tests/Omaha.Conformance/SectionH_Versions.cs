using System.Globalization;
using Omaha.Conformance.Clients;

namespace Omaha.Conformance;

/// <summary>Section H: how versions and prefixes compare, and which day it is.</summary>
public sealed class SectionH_Versions(LiveServer server)
{
    /// <summary>What a machine with one version is offered where another is the release.</summary>
    private async Task<string?> OfferAsync(string release, string current, string attributes = "", ClientKinds except = ClientKinds.None)
    {
        var id = AppDraft.IdFor("H " + release);
        await server.WriteAsync(new AppDraft(id).Release("stable", release).Seal());
        return (await server.AskAsync(Plain.CheckOf(id, current, check: $"<updatecheck {attributes}/>"), except)).App.Version;
    }

    /// <summary>Whether a release is offered to a machine that is behind and accepts only what lies under a prefix.</summary>
    private async Task MustBeUnderAsync(string prefix, string release, bool offered) =>
        Assert.Equal(offered ? release : null, await OfferAsync(release, "0.1", $"targetversionprefix=\"{prefix}\""));

    private async Task MustBeDayAsync(DateTimeOffset now, int days, int seconds)
    {
        var then = server.Time.GetUtcNow();
        server.Time.AdjustTime(now);
        try
        {
            var daystart = (await server.AskAsync(Plain.Request(""), ClientKinds.GoogleUpdate)).Xml.Element("daystart")!;
            Assert.Equal((days, seconds), ((int)daystart.Attribute("elapsed_days")!, (int)daystart.Attribute("elapsed_seconds")!));
        }
        finally
        {
            server.Time.AdjustTime(then);
        }
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);

    [Theory]
    [InlineData("1.10", "1.9", true)]
    [InlineData("1.9", "1.10", false)]
    [InlineData("1.2", "1.2.0", false)]
    [InlineData("1.2.0", "1.2", false)]
    [InlineData("01.02", "1.2", false)]
    [InlineData("1.2", "01.02", false)]
    [InlineData("1.2.0.0.1", "1.2", true)]
    [InlineData("1.5", "1", true)]
    public async Task H01_Versions_are_compared_part_by_part(string release, string current, bool offered) =>
        Assert.Equal(offered ? release : null, await OfferAsync(release, current));

    [Theory]
    [InlineData("", true)]
    [InlineData("0", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("1", true)]
    [InlineData("1.0.0", true)]
    [InlineData("1.2.3.4", false)]
    [InlineData("1.2.3.4.5", false)]
    [InlineData("01.02.03", false)]
    [InlineData("1.2.2+build.99", true)]
    [InlineData("1.2.3+build", false)]
    [InlineData("1.2.3-alpha.1", true)]
    [InlineData("ForcedUpdate", true)]
    [InlineData("99999999999999999999.0", false)]
    [InlineData("1..2", true)]
    [InlineData("1.2.", true)]
    [InlineData(".1", true)]
    [InlineData("v9.9", true)]
    [InlineData("-1", true)]
    [InlineData("1.2.3.4.5.6.7.8.9", true)]
    [InlineData("\uff19.\uff19", true)]
    [InlineData("9,9", true)]
    [InlineData("9.9 9", true)]
    public async Task H02_What_is_no_version_is_offered_one(string current, bool offered) =>
        Assert.Equal(offered ? "1.2.3" : null, await OfferAsync("1.2.3", current));

    [Theory]
    [InlineData("1.0", "99999999999999999999.0", false)]
    [InlineData("18446744073709551615.0", "99999999999999999999.0", false)]
    [InlineData("18446744073709551615.0", "18446744073709551614.9", true)]
    [InlineData("99999999999999999999.1", "1.0", true)]
    public async Task H03_Part_that_is_too_large_counts_as_the_largest(string release, string current, bool offered) =>
        Assert.Equal(offered ? release : null, await OfferAsync(release, current, except: ClientKinds.Chromium));

    [Theory]
    [InlineData("1.20.0", false)]
    [InlineData("1.2.9", true)]
    [InlineData("1.2", true)]
    [InlineData("1", false)]
    public Task H04_Prefix_is_one_of_whole_parts(string release, bool offered) => MustBeUnderAsync("1.2", release, offered);

    [Theory]
    [InlineData("1.2.3.4", "1.2.3.4$", true)]
    [InlineData("1.2.3.4.5", "1.2.3.4$", false)]
    [InlineData("1.2.3.4.5", "1.2.3.4", true)]
    [InlineData("1.2.3.4.0", "1.2.3.4$", true)]
    public Task H05_Prefix_with_a_dollar_is_the_whole_version(string release, string prefix, bool offered) => MustBeUnderAsync(prefix, release, offered);

    [Theory]
    [InlineData("15474.84.0", "15474.", true)]
    [InlineData("15474.84.0", "15474", true)]
    [InlineData("154740.1.0", "15474.", false)]
    public Task H06_Prefix_may_end_with_a_dot(string release, string prefix, bool offered) => MustBeUnderAsync(prefix, release, offered);

    [Theory]
    [InlineData(" 1.2 ", true)]
    [InlineData("", true)]
    [InlineData(" ", true)]
    [InlineData("*", false)]
    [InlineData("1.2.*", false)]
    [InlineData("1,2", false)]
    [InlineData(".", false)]
    [InlineData("$", false)]
    [InlineData("1.2..", false)]
    [InlineData("one", false)]
    public Task H07_Prefix_is_trimmed_and_one_that_is_none_matches_nothing(string prefix, bool offered) => MustBeUnderAsync(prefix, "1.2.9", offered);

    [Theory]
    [InlineData("2007-01-01T00:00:00-08:00", 0, 0)]
    [InlineData("2016-03-04T00:00:05-08:00", 3350, 5)]
    [InlineData("2016-03-04T23:59:59-08:00", 3350, 86_399)]
    public Task H08_Days_are_counted_from_2007(string now, int days, int seconds) => MustBeDayAsync(At(now), days, seconds);

    [Fact]
    public Task H09_Seconds_are_counted_from_midnight_of_the_zone() => MustBeDayAsync(At("2014-01-01T15:41:48-08:00"), 2557, 56_508);

    [Fact]
    public Task H10_Day_and_second_are_those_that_Google_gives() => MustBeDayAsync(At("2019-11-09T12:20:37-08:00"), 4695, 44_437);

    [Theory]
    [InlineData("2026-03-08T01:59:59-08:00", 7006, 7_199)]
    [InlineData("2026-03-08T03:00:00-07:00", 7006, 7_200)]
    [InlineData("2026-03-08T23:59:59-07:00", 7006, 82_799)]
    [InlineData("2026-03-09T00:00:00-07:00", 7007, 0)]
    [InlineData("2026-11-01T01:30:00-07:00", 7244, 5_400)]
    [InlineData("2026-11-01T01:30:00-08:00", 7244, 9_000)]
    [InlineData("2026-11-01T23:59:59-08:00", 7244, 89_999)]
    [InlineData("2026-11-02T00:00:00-08:00", 7245, 0)]
    public Task H11_Day_on_which_the_clocks_change_has_23_or_25_hours(string now, int days, int seconds) => MustBeDayAsync(At(now), days, seconds);

    [Fact]
    public async Task H12_Midnight_turns_day_and_seconds_at_once()
    {
        var midnight = At("2026-03-05T00:00:00-08:00");
        await MustBeDayAsync(midnight.AddSeconds(-1), 7002, 86_399);
        await MustBeDayAsync(midnight, 7003, 0);
        await MustBeDayAsync(midnight.AddSeconds(1), 7003, 1);
    }
}
