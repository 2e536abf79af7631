using System.Text;
using Omaha.Protocol;

namespace Omaha.Catalog.Tests;

/// <summary>Cohorts for clients without an id of their own.</summary>
public sealed class IssuedCohortTests
{
    private static CatalogSnapshot Ramp(string? cohort = null, Action<RolloutState>? change = null)
    {
        var document = RolloutSample.Ramping(change: change, stable: ["0.9", "1.0"]);
        document.Spec!.Cohort = cohort;
        return Sample.Snapshot(document);
    }

    /// <summary>What a client without an id is told about its cohort; null for nothing.</summary>
    private static string? Answer(CatalogSnapshot snapshot, string? sent, DateTimeOffset? at = null, string attributes = "")
    {
        var outcome = Sample.Check(snapshot, $"version=\"1.0\" board=\"amd64-usr\" cohort=\"{sent}\" {attributes}", at: at ?? Sample.Now.AddHours(12));
        Span<byte> buffer = stackalloc byte[IssuedCohort.MaxBytes];
        Span<byte> key = stackalloc byte[RequestLimits.AppIdBytes];
        Assert.True(AppIds.TryNormalize(Encoding.UTF8.GetBytes(Sample.AppId), key, out var length));
        return IssuedCohort.TryAnswer(snapshot.Find(key[..length])!, Encoding.UTF8.GetBytes(sent ?? ""), outcome.NeedsCohort, buffer, out var cohort) ? Encoding.UTF8.GetString(cohort) : null;
    }

    [Fact]
    public void Client_without_an_id_is_issued_a_cohort_of_its_own_while_a_rollout_is_active()
    {
        var snapshot = Ramp();
        var issued = Answer(snapshot, null);
        Assert.Matches("^-:[0-9a-z]{16}$", issued);
        Assert.NotEqual(issued, Answer(snapshot, null));
        Assert.Null(Answer(snapshot, issued));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(24)]
    public void No_cohort_is_issued_before_and_after(double hours)
    {
        Assert.Null(Answer(Ramp(), null, Sample.Now.AddHours(hours)));
        Assert.Null(Answer(Ramp(), "1:ab:", Sample.Now.AddHours(hours)));
    }

    [Fact]
    public void No_cohort_is_issued_while_the_rollout_is_stopped() =>
        Assert.Null(Answer(Ramp(change: static rollout => rollout.Halted = RolloutSample.Mark(Sample.Now.AddHours(1))), null));

    [Theory]
    [InlineData("machineid=\"00112233\"")]
    [InlineData("machineid=\"00112233\" bootid=\"x\"")]
    public void No_cohort_is_issued_to_who_has_an_id(string attributes) => Assert.Null(Answer(Ramp(), null, attributes: attributes));

    [Fact]
    public void Client_with_an_issued_cohort_takes_its_turn_like_any_node()
    {
        var snapshot = Ramp();
        var reached = Enumerable.Range(0, 1000).Select(_ => Answer(snapshot, null)).Count(cohort => RolloutSample.Decide(snapshot, $"version=\"1.0\" board=\"amd64-usr\" cohort=\"{cohort}\"", Sample.Now.AddHours(12)) == Decision.Offered);
        Assert.InRange(reached, 400, 600);
    }

    [Theory]
    [InlineData("1:gold:", "1:gold::")]
    [InlineData("", "-:")]
    [InlineData(null, "-:")]
    public void Cohort_is_issued_with_the_name_that_the_catalogue_configures(string? configured, string start) =>
        Assert.StartsWith(start, Answer(Ramp(configured), "1:old:"), StringComparison.Ordinal);

    [Fact]
    public void Cohort_that_chose_the_channel_still_does_when_it_is_issued()
    {
        var document = RolloutSample.Ramping();
        document.Spec!.DefaultChannel = "alpha";
        var snapshot = Sample.Snapshot(document);
        var issued = Answer(snapshot, "Stable");
        Assert.StartsWith("Stable:", issued, StringComparison.Ordinal);
        Assert.Equal(Decision.Offered, RolloutSample.Decide(snapshot, $"version=\"0.5\" board=\"amd64-usr\" cohort=\"{issued}\""));
        Assert.Equal(Decision.NoRelease, RolloutSample.Decide(snapshot, "version=\"0.5\" board=\"amd64-usr\" cohort=\"-:0123456789abcdef\""));
    }

    [Fact]
    public void Random_part_stays_when_the_configured_name_changes()
    {
        var issued = Answer(Ramp("one"), null)!;
        Assert.Equal("two" + issued[3..], Answer(Ramp("two"), issued));
    }

    [Theory]
    [InlineData("gold", "gold:0123456789abcdef", null)]
    [InlineData("gold", "silver:0123456789abcdef", "gold")]
    [InlineData("", "-:0123456789abcdef", "")]
    [InlineData(null, "-:0123456789abcdef", null)]
    public void Issued_cohort_counts_as_its_name_when_no_rollout_is_active(string? configured, string sent, string? answer) =>
        Assert.Equal(answer, Answer(Ramp(configured), sent, Sample.Now.AddHours(48)));

    [Theory]
    [InlineData("1:ab:")]
    [InlineData("1:0123456789abcde")]
    [InlineData("1:0123456789ABCDEF")]
    [InlineData("1:0123456789abcdefg")]
    [InlineData("10123456789abcdef")]
    [InlineData(":0123456789abcdef")]
    [InlineData("1:0123456789abcdeu")]
    public void Cohort_of_another_server_is_no_id(string cohort) => Assert.False(IssuedCohort.TrySplit(Encoding.UTF8.GetBytes(cohort), out _, out _));

    [Fact]
    public void Cohort_is_not_issued_when_it_would_be_longer_than_clients_keep() => Assert.Null(Answer(Ramp(new string('k', 1024)), new string('k', 1024)));

    [Theory]
    [InlineData("machineid=\"M\"", "userid=\"u\"", NodeIdSource.MachineId)]
    [InlineData("machineid=\" \"", "userid=\"u\"", NodeIdSource.UserId)]
    [InlineData("cohort=\"a:0123456789abcdef\"", "userid=\"u\"", NodeIdSource.UserId)]
    [InlineData("cohort=\"a:0123456789abcdef\"", "", NodeIdSource.Cohort)]
    [InlineData("bootid=\"b\" cohort=\"1:ab:\"", "sessionid=\"s\"", NodeIdSource.None)]
    public void Id_is_the_machines_else_the_users_else_the_issued_one(string app, string attributes, NodeIdSource source)
    {
        var request = new UpdateRequest();
        request.Load(Encoding.UTF8.GetBytes($"<request protocol=\"3.0\" {attributes}><app appid=\"a\" {app}/></request>"));
        Assert.Equal(Refusal.None, XmlRequestReader.Read(request));
        Assert.Equal(source, NodeId.Of(request, request.Apps[0]).Source);
    }
}
