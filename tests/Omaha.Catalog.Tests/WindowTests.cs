namespace Omaha.Catalog.Tests;

/// <summary>When offers are allowed.</summary>
public sealed class WindowTests
{
    private static readonly Asking Machine = new("version=\"0.9\" board=\"amd64-usr\"");
    private static readonly Asking Interactive = new("version=\"0.9\" board=\"amd64-usr\"", attributes: "installsource=\"ondemandupdate\"");

    private static CatalogSnapshot With(params List<WindowSpec> windows) => Sample.Snapshot(App(windows));

    private static AppDocument App(List<WindowSpec>? windows)
    {
        var document = Sample.App(stable: ["1.0"]);
        document.Spec!.Windows = windows;
        return document;
    }

    private static DateTimeOffset At(string utc) => DateTimeOffset.Parse(utc + "Z", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>An oracle that shares nothing with the tables: what the clock on the wall shows at a moment, and whether a window covers that.</summary>
    private static bool IsOpen(WindowSpec window, DateTimeOffset moment)
    {
        var shown = TimeZoneInfo.ConvertTime(moment, TimeZoneInfo.FindSystemTimeZoneById(window.Zone ?? "UTC"));
        var (from, to) = (TimeOnly.ParseExact(window.From ?? "00:00", "HH:mm").ToTimeSpan(), window.To is null or "24:00" ? TimeSpan.FromDays(1) : TimeOnly.ParseExact(window.To, "HH:mm").ToTimeSpan());
        bool Opens(DateTimeOffset day) => window.Days?.Contains(day.DayOfWeek.ToString().ToLowerInvariant()[..3]) != false;
        return from < to
            ? Opens(shown) && shown.TimeOfDay >= from && shown.TimeOfDay < to
            : (Opens(shown) && shown.TimeOfDay >= from) || (Opens(shown.AddDays(-1)) && shown.TimeOfDay < to);
    }

    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Asia/Kolkata")]
    [InlineData("America/St_Johns")]
    [InlineData("Pacific/Auckland")]
    [InlineData("Africa/Casablanca")]
    public void Windows_are_right_on_every_half_hour_of_two_years(string zone)
    {
        List<WindowSpec> windows =
        [
            new() { Days = ["mon", "tue", "wed", "thu", "fri"], From = "09:00", To = "17:00", Zone = zone },
            new() { Days = ["sat", "sun"], From = "22:30", To = "03:30", Zone = zone },
            new() { Days = ["sun"], From = "01:30", To = "02:30", Zone = zone },
            new() { Days = ["wed"], From = "23:00", To = "24:00", Zone = "UTC" },
        ];
        var snapshot = With(windows);
        for (var moment = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero); moment.Year < 2028; moment = moment.AddMinutes(30))
        {
            var expected = windows.Exists(window => IsOpen(window, moment)) ? Decision.Offered : Decision.HeldWindow;
            var decided = Machine.Decide(snapshot, moment);
            if (decided != expected) Assert.Fail($"{moment:u} in {zone}: {decided} in place of {expected}");
        }
    }

    [Theory]
    [InlineData("2026-03-02T08:59:59.9999999", Decision.HeldWindow)]
    [InlineData("2026-03-02T09:00", Decision.Offered)]
    [InlineData("2026-03-02T16:59:59.9999999", Decision.Offered)]
    [InlineData("2026-03-02T17:00", Decision.HeldWindow)]
    [InlineData("2026-03-07T10:00", Decision.HeldWindow)]
    public void Window_opens_and_closes_to_the_tick(string at, Decision decision) =>
        Assert.Equal(decision, Machine.Decide(With(new WindowSpec { Days = ["mon", "tue", "wed", "thu", "fri"], From = "09:00", To = "17:00" }), At(at)));

    [Theory]
    [InlineData("2026-03-29T00:59", Decision.Offered)]
    [InlineData("2026-03-29T01:00", Decision.HeldWindow)]
    [InlineData("2026-10-25T00:00", Decision.Offered)]
    [InlineData("2026-10-25T00:59", Decision.Offered)]
    [InlineData("2026-10-25T01:00", Decision.Offered)]
    [InlineData("2026-10-25T01:59", Decision.Offered)]
    [InlineData("2026-10-25T02:00", Decision.HeldWindow)]
    public void Hour_that_is_skipped_is_skipped_and_hour_that_is_repeated_counts_twice(string at, Decision decision) =>
        Assert.Equal(decision, Machine.Decide(With(new WindowSpec { From = "01:00", To = "03:00", Zone = "Europe/Berlin" }), At(at)));

    [Theory]
    [InlineData("2027-07-01T10:00", Decision.Offered)]
    [InlineData("2049-07-01T10:00", Decision.Offered)]
    [InlineData("2049-12-01T08:00", Decision.HeldWindow)]
    [InlineData("2049-07-01T07:30", Decision.Offered)]
    [InlineData("2099-07-01T07:30", Decision.Offered)]
    public void Windows_do_not_run_out_however_long_a_snapshot_lives(string at, Decision decision) =>
        Assert.Equal(decision, Machine.Decide(With(new WindowSpec { From = "09:30", To = "17:00", Zone = "Europe/Berlin" }, new WindowSpec { From = "09:30", To = "10:30", Zone = "UTC", Days = ["mon"] }), At(at)));

    [Fact]
    public void Windows_of_a_group_come_before_those_of_the_channel_and_these_before_those_of_the_app()
    {
        var document = App([new WindowSpec { From = "00:00", To = "01:00" }]);
        document.Spec!.Channels!["stable"].Windows = [new WindowSpec { From = "01:00", To = "02:00" }];
        document.Spec.Groups = new()
        {
            ["own"] = new() { Channel = "stable", Windows = [new WindowSpec { From = "02:00", To = "03:00" }] },
            ["channels"] = new() { Channel = "stable" },
            ["always"] = new() { Channel = "stable", Windows = [] },
        };
        document.State!.Channels!["alpha"] = document.State.Channels["stable"];
        var snapshot = Sample.Snapshot(document);

        string Open(string track) => string.Concat(Enumerable.Range(0, 4).Where(hour => RolloutSample.Decide(snapshot, $"version=\"0.9\" board=\"amd64-usr\" track=\"{track}\"", At($"2026-03-02T0{hour}:30")) == Decision.Offered));
        Assert.Equal("0", Open("alpha"));
        Assert.Equal("1", Open("stable"));
        Assert.Equal("1", Open("channels"));
        Assert.Equal("2", Open("own"));
        Assert.Equal("0123", Open("always"));
    }

    [Fact]
    public void Who_asks_by_hand_need_not_wait_for_a_window()
    {
        var snapshot = With(new WindowSpec { From = "00:00", To = "01:00" });
        Assert.Equal(Decision.HeldWindow, Machine.Decide(snapshot, At("2026-03-02T12:00")));
        Assert.Equal(Decision.Offered, Interactive.Decide(snapshot, At("2026-03-02T12:00")));
    }

    [Theory]
    [InlineData("2026-12-19T22:59", "Europe/Berlin", Decision.Offered)]
    [InlineData("2026-12-19T23:00", "Europe/Berlin", Decision.HeldFreeze)]
    [InlineData("2027-01-03T22:59", "Europe/Berlin", Decision.HeldFreeze)]
    [InlineData("2027-01-03T23:00", "Europe/Berlin", Decision.Offered)]
    [InlineData("2026-12-19T23:59", null, Decision.Offered)]
    [InlineData("2026-12-20T00:00", null, Decision.HeldFreeze)]
    public void Freeze_lasts_from_the_beginning_of_its_first_day_to_the_end_of_its_last(string at, string? zone, Decision decision)
    {
        var document = App(null);
        document.Spec!.Freezes = [new FreezeSpec { From = "2026-12-20", To = "2027-01-03", Zone = zone, Reason = "holidays" }];
        Assert.Equal(decision, Machine.Decide(Sample.Snapshot(document), At(at)));
        Assert.Equal(decision, Interactive.Decide(Sample.Snapshot(document), At(at)));
    }

    [Fact]
    public void Freeze_may_begin_and_end_at_a_minute()
    {
        var document = App(null);
        document.Spec!.Freezes = [new FreezeSpec { From = "2026-10-25T02:30", To = "2026-10-25T02:45", Zone = "Europe/Berlin", Reason = "clocks" }];
        var snapshot = Sample.Snapshot(document);

        // The clock shows both twice: a freeze lasts from the first time it begins to the last time it ends.
        Assert.Equal(Decision.Offered, Machine.Decide(snapshot, At("2026-10-25T00:29")));
        Assert.Equal(Decision.HeldFreeze, Machine.Decide(snapshot, At("2026-10-25T00:30")));
        Assert.Equal(Decision.HeldFreeze, Machine.Decide(snapshot, At("2026-10-25T01:44")));
        Assert.Equal(Decision.Offered, Machine.Decide(snapshot, At("2026-10-25T01:45")));
    }

    [Fact]
    public void Freezes_of_app_channel_and_group_all_hold()
    {
        var document = App(null);
        document.Spec!.Freezes = [new FreezeSpec { From = "2026-03-02", To = "2026-03-02", Reason = "app" }];
        document.Spec.Channels!["stable"].Freezes = [new FreezeSpec { From = "2026-03-03", To = "2026-03-03", Reason = "channel" }];
        document.Spec.Groups = new() { ["g"] = new() { Channel = "stable", Freezes = [new FreezeSpec { From = "2026-03-04", To = "2026-03-04", Reason = "group" }] } };
        var snapshot = Sample.Snapshot(document);

        string Frozen(string track) => string.Concat(Enumerable.Range(1, 4).Where(day => RolloutSample.Decide(snapshot, $"version=\"0.9\" board=\"amd64-usr\" track=\"{track}\"", At($"2026-03-0{day}T12:00")) == Decision.HeldFreeze));
        Assert.Equal("23", Frozen("stable"));
        Assert.Equal("234", Frozen("g"));
    }
}
