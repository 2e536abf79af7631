using System.Text;

namespace Omaha.Protocol.Tests;

public sealed class ClientKindTests
{
    [Theory]
    [InlineData("version=\"update_engine-0.4.10\"", "<os platform=\"CoreOS\"/>", ClientKind.UpdateEngine)]
    [InlineData("version=\"CoreOSUpdateEngine-0.1.0.0\"", "", ClientKind.UpdateEngine)]
    [InlineData("version=\"ue-rs-0.0.0\"", "", ClientKind.UpdateEngine)]
    [InlineData("", "<os platform=\"CoreOS\"/>", ClientKind.UpdateEngine)]
    [InlineData("updater=\"ChromeOSUpdateEngine\"", "<os platform=\"Chrome OS\"/>", ClientKind.ChromeOs)]
    [InlineData("version=\"ChromeOSUpdateEngine-0.1.0.0\"", "<os platform=\"Chrome OS\"/>", ClientKind.ChromeOs)]
    [InlineData("updater=\"Omaha\" updaterversion=\"1.3.36.1\"", "<os platform=\"win\"/>", ClientKind.GoogleUpdate)]
    [InlineData("version=\"1.3.23.0\"", "<os platform=\"win\"/>", ClientKind.GoogleUpdate)]
    [InlineData("version=\"chrome-66.0\" prodversion=\"66.0\"", "<os platform=\"Windows\"/>", ClientKind.Chromium)]
    [InlineData("version=\"chrome-55.0\"", "<updater name=\"Omaha\"/><os platform=\"win\"/>", ClientKind.Chromium)]
    [InlineData("updater=\"chromiumcrx\" acceptformat=\"crx3\"", "", ClientKind.Chromium)]
    [InlineData("updater=\"BraveComponentUpdater\"", "", ClientKind.Chromium)]
    [InlineData("", "<os platform=\"linux\" arch=\"x64\"/>", ClientKind.Other)]
    [InlineData("", "", ClientKind.Other)]
    public void Family_is_told_from_what_the_request_says(string root, string children, ClientKind kind)
    {
        var request = new UpdateRequest();
        request.Load(Encoding.UTF8.GetBytes($"<request protocol=\"3.0\" {root}>{children}</request>"));
        Assert.Equal(Refusal.None, XmlRequestReader.Read(request));
        Assert.Equal(kind, ClientKinds.Of(request));
    }
}
