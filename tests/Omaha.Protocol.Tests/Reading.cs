using System.Text;

namespace Omaha.Protocol.Tests;

/// <summary>Reads requests for tests, and turns what was read into text.</summary>
internal static class Reading
{
    public static Refusal Refusal(string xml) => Refusal(Encoding.UTF8.GetBytes(xml));

    public static Refusal Refusal(ReadOnlySpan<byte> body)
    {
        var request = new UpdateRequest();
        request.Load(body);
        return XmlRequestReader.Read(request);
    }

    public static UpdateRequest Accept(string xml) => Accept(Encoding.UTF8.GetBytes(xml));

    public static UpdateRequest Accept(ReadOnlySpan<byte> body)
    {
        var request = new UpdateRequest();
        request.Load(body);
        Assert.Equal(Protocol.Refusal.None, XmlRequestReader.Read(request));
        return request;
    }

    /// <summary>The only app of an accepted request.</summary>
    public static RequestedApp OnlyApp(this UpdateRequest request)
    {
        Assert.Equal(1, request.Apps.Length);
        return request.Apps[0];
    }

    public static string Text(this UpdateRequest request, Utf8Range range) => Encoding.UTF8.GetString(request[range]);

    /// <summary>All that a request says, a line for each value.</summary>
    public static string Describe(UpdateRequest request)
    {
        var text = new Description();
        text.Add("protocol", request.Protocol == ProtocolVersion.Xml31 ? "3.1" : "3.0");
        text.Add("updater", request.Text(request.Updater));
        text.Add("updaterversion", request.Text(request.UpdaterVersion));
        text.Add("version", request.Text(request.ClientVersion));
        text.Add("prodversion", request.Text(request.ProductVersion));
        text.Add("userid", request.Text(request.UserId));
        text.Add("sessionid", request.Text(request.SessionId));
        text.Add("requestid", request.Text(request.RequestId));
        text.Add("installsource", request.Text(request.InstallSource));
        text.Add("testsource", request.Text(request.TestSource));
        text.Add("dlpref", request.Text(request.DownloadPreference));
        text.Add("acceptformat", request.Text(request.AcceptFormat));
        text.Add("ismachine", request.IsMachine);
        text.Add("os", request.Text(request.OsPlatform));
        text.Add("os.version", request.Text(request.OsVersion));
        text.Add("os.sp", request.Text(request.OsServicePack));
        text.Add("os.arch", request.Text(request.OsArch));
        text.Add("memory", request.PhysicalMemory);
        text.Add("lacks", (request.LacksSse2, request.LacksSse3, request.LacksAvx));

        foreach (ref readonly var app in request.Apps)
        {
            text.Add("app", request.Text(app.Id));
            text.Add(" version", request.Text(app.Version));
            text.Add(" track", request.Text(app.Track));
            text.Add(" from_track", request.Text(app.FromTrack));
            text.Add(" from_version", request.Text(app.FromVersion));
            text.Add(" ap", request.Text(app.Ap));
            text.Add(" tag", request.Text(app.Tag));
            text.Add(" release_channel", request.Text(app.ReleaseChannel));
            text.Add(" cohort", request.Text(app.Cohort));
            text.Add(" cohorthint", request.Text(app.CohortHint));
            text.Add(" cohortname", request.Text(app.CohortName));
            text.Add(" brand", request.Text(app.Brand));
            text.Add(" lang", request.Text(app.Lang));
            text.Add(" installsource", request.Text(app.InstallSource));
            text.Add(" machineid", request.Text(app.MachineId));
            text.Add(" bootid", request.Text(app.BootId));
            text.Add(" machinealias", request.Text(app.MachineAlias));
            text.Add(" oem", request.Text(app.Oem));
            text.Add(" oemversion", request.Text(app.OemVersion));
            text.Add(" alephversion", request.Text(app.AlephVersion));
            text.Add(" board", request.Text(app.Board));
            text.Add(" hardware_class", request.Text(app.HardwareClass));
            text.Add(" fp", request.Text(app.Fingerprint));
            text.Add(" delta_okay", app.DeltaOkay);
            text.Add(" multi_manifest_ok", app.MultiManifestOk);
            text.Add(" updatecheck", app.HasUpdateCheck);
            text.Add("  updatedisabled", app.UpdateDisabled);
            text.Add("  sameversionupdate", app.SameVersionUpdate);
            text.Add("  rollback_allowed", app.RollbackAllowed);
            text.Add("  targetversionprefix", request.Text(app.TargetVersionPrefix));
            text.Add(" ping", app.HasPing);
            text.Add("  active", app.PingActive);
            text.Add("  rd", app.PingRollCallDay);

            foreach (ref readonly var reported in request.EventsOf(app))
            {
                text.Add(" event", reported.EventType);
                text.Add("  eventresult", reported.EventResult);
                text.Add("  errorcode", reported.ErrorCode);
                text.Add("  extracode1", reported.ExtraCode1);
                text.Add("  previousversion", request.Text(reported.PreviousVersion));
                text.Add("  nextversion", request.Text(reported.NextVersion));
            }

            foreach (ref readonly var data in request.DataOf(app))
            {
                text.Add(" data", request.Text(data.Name));
                text.Add("  index", request.Text(data.Index));
                text.Add("  text", request.Text(data.Text));
            }
        }

        return text.ToString();
    }
}
