using System.Text;

namespace Omaha.Protocol.Tests;

public sealed class UpdateEventTests
{
    private const string Flatcar = "version=\"update_engine-0.4.10\"";
    private const string Google = "updater=\"Omaha\"";

    private static UpdateEvent Read(string root, string attributes)
    {
        var request = new UpdateRequest();
        request.Load(Encoding.UTF8.GetBytes($"<request protocol=\"3.0\" {root}><app appid=\"a\"><event {attributes}/></app></request>"));
        Assert.Equal(Refusal.None, XmlRequestReader.Read(request));
        return UpdateEvent.From(request, request.Events[0], ClientKinds.Of(request));
    }

    [Theory]
    [InlineData("eventtype=\"3\" eventresult=\"2\" previousversion=\"\"", EventKind.Routine)]
    [InlineData("eventtype=\"3\" eventresult=\"2\"", EventKind.Routine)]
    [InlineData("eventtype=\"3\" eventresult=\"2\" previousversion=\"0.0.0.0\"", EventKind.Routine)]
    [InlineData("eventtype=\"3\" eventresult=\"2\" previousversion=\"3510.1.0\"", EventKind.Completed)]
    [InlineData("eventtype=\"13\" eventresult=\"1\"", EventKind.DownloadStarted)]
    [InlineData("eventtype=\"14\" eventresult=\"1\"", EventKind.DownloadFinished)]
    [InlineData("eventtype=\"3\" eventresult=\"1\"", EventKind.Installed)]
    [InlineData("eventtype=\"800\" eventresult=\"1\"", EventKind.Installed)]
    [InlineData("eventtype=\"3\" eventresult=\"0\" errorcode=\"44\"", EventKind.RolledBack)]
    [InlineData("eventtype=\"3\" eventresult=\"0\" errorcode=\"268435500\"", EventKind.RolledBack)]
    [InlineData("eventtype=\"3\" eventresult=\"0\" errorcode=\"268435490\"", EventKind.Failed)]
    [InlineData("eventtype=\"3\" errorcode=\"9\"", EventKind.Failed)]
    [InlineData("eventtype=\"3\" eventresult=\"9\" errorcode=\"268435496\"", EventKind.Deferred)]
    [InlineData("eventtype=\"2\" eventresult=\"4\"", EventKind.Cancelled)]
    [InlineData("eventtype=\"4\" eventresult=\"1\"", EventKind.Uninstalled)]
    [InlineData("eventtype=\"42\" eventresult=\"1\"", EventKind.Step)]
    [InlineData("eventtype=\"77\" eventresult=\"1\"", EventKind.Unknown)]
    [InlineData("eventtype=\"3\" eventresult=\"77\"", EventKind.Unknown)]
    [InlineData("eventtype=\"soon\" eventresult=\"1\"", EventKind.Unknown)]
    [InlineData("eventresult=\"1\"", EventKind.Unknown)]
    public void Event_of_update_engine_is_classified(string attributes, EventKind kind) => Assert.Equal(kind, Read(Flatcar, attributes).Kind);

    [Fact]
    public void Update_complete_of_Google_Update_is_the_end_and_not_a_step_before_a_reboot() =>
        Assert.Equal(EventKind.Completed, Read(Google, "eventtype=\"3\" eventresult=\"1\"").Kind);

    [Theory]
    [InlineData("268435490", 34, EventOrigin.CustomServer)]
    [InlineData("1342177298", 18, EventOrigin.CustomServer | EventOrigin.ResumedDownload)]
    [InlineData("805306378", 10, EventOrigin.CustomServer | EventOrigin.TestImage)]
    [InlineData("2147483657", 9, EventOrigin.DeveloperMode)]
    [InlineData("9", 9, EventOrigin.None)]
    [InlineData("268437860", 2404, EventOrigin.CustomServer)]
    [InlineData("-1", -1, EventOrigin.None)]
    [InlineData("99999999999999999999", RequestedEvent.Unknown, EventOrigin.None)]
    [InlineData("x", RequestedEvent.Unknown, EventOrigin.None)]
    public void Flags_of_update_engine_are_split_off_the_error_code(string errorCode, int code, EventOrigin flags)
    {
        var read = Read(Flatcar, $"eventtype=\"3\" eventresult=\"0\" errorcode=\"{errorCode}\"");
        Assert.Equal(code, read.ErrorCode);
        Assert.Equal(flags, read.Flags);
    }

    [Fact]
    public void Error_code_of_Google_Update_is_kept_whole()
    {
        var read = Read(Google, "eventtype=\"2\" eventresult=\"0\" errorcode=\"-2147219440\"");
        Assert.Equal(-2147219440, read.ErrorCode);
        Assert.Equal(EventOrigin.None, read.Flags);
    }
}
