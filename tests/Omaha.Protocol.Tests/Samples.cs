namespace Omaha.Protocol.Tests;

/// <summary>Requests in the shapes that clients send, with ids made up for these tests.</summary>
internal static class Samples
{
    public const string Declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

    /// <summary>update_engine: long end tags, a space before the bracket, ping, check and events in one app.</summary>
    public const string Flatcar = Declaration + """
        <request protocol="3.0" version="update_engine-0.4.10" updaterversion="update_engine-0.4.10" installsource="scheduler" ismachine="1">
            <os version="Chateau" platform="CoreOS" sp="4081.2.1_x86_64"></os>
            <app appid="{0a1b2c3d-0000-4111-8222-333344445555}" version="4081.2.1" track="stable" bootid="{11112222-3333-4444-5555-666677778888}" oem="qemu" oemversion="0.0.3" alephversion="3815.2.0" machineid="00112233445566778899aabbccddeeff" machinealias="rack-7" lang="en-GB" board="amd64-usr" hardware_class="" delta_okay="false" >
                <ping active="1"></ping>
                <updatecheck></updatecheck>
                <event eventtype="3" eventresult="2" previousversion=""></event>
                <event eventtype="14" eventresult="1" previousversion="4081.2.0"></event>
            </app>
        </request>

        """;

    /// <summary>ChromeOS: a platform app that does not ask, and a module that does.</summary>
    public const string ChromeOs = Declaration + """
        <request requestid="7d3c" sessionid="9e1f" protocol="3.0" updater="ChromeOSUpdateEngine" updaterversion="0.1.0.0" installsource="ondemandupdate" ismachine="1" isminios="0" >
            <app appid="{ABCDEF00-1111-4222-8333-444455556666}" cohort="1:2/x:" cohortname="board_stable" version="0.0.0.0" from_version="16002.4.0" track="stable-channel" from_track="beta-channel" board="board-signed" hardware_class="BOARD A1-B2" delta_okay="true" installdate="6027" >
                <ping active="0" a="3" r="4"></ping>
            </app>
            <app appid="{ABCDEF00-1111-4222-8333-444455556666}_module" version="0.0.0.0" track="stable-channel" delta_okay="false" >
                <ping rd="-2" ad="-2"></ping>
                <updatecheck targetversionprefix="16002." rollback_allowed="true"></updatecheck>
            </app>
            <os version="Indy" platform="Chrome OS" sp="16002.4.0_x86_64"></os>
            <hw physmemory="8"/>
        </request>

        """;

    /// <summary>Chromium's component updater: one line, root attributes about the platform, fingerprints in packages.</summary>
    public const string Chromium = """<?xml version="1.0" encoding="UTF-8"?><request protocol="3.1" dedup="cr" acceptformat="crx2,crx3" dlpref="cacheable" sessionid="{51}" requestid="{52}" version="chrome-75.0.1.2" prodversion="75.0.1.2" lang="de" os="linux" arch="x64"><hw physmemory="16" sse2="1" sse3="-1" avx="0"/><os platform="Linux" arch="x86_64" version="5.10"/><app appid="aaaabbbbccccddddeeeeffffgggghhhh" version="7.54" cohort="1:b:" cohortname="Everyone" installsource="ondemand" enabled="1"><updatecheck/><ping rd="4190" ping_freshness="{53}"/><packages><package fp="1.00ff"/></packages></app><app appid="ppppoooonnnnmmmmllllkkkkjjjjiiii" version="16" enabled="1"><updatecheck updatedisabled="true"/><ping rd="4190"/></app></request>""";

    /// <summary>Google Update for Windows: data elements, cohorts, channel wishes, escaped values.</summary>
    public const string GoogleUpdate = """<?xml version="1.0" encoding="UTF-8"?><request protocol="3.0" updater="Omaha" updaterversion="1.3.40.1" ismachine="1" sessionid="{61}" userid="{62}" installsource="update3web-ondemand" testsource="qa" requestid="{63}"><hw physmemory="4" sse="1" sse2="0" sse3="0" avx="1"/><os platform="win" version="10.0" sp="Service Pack 9" arch="x64"/><app appid="{01234567-89AB-4CDE-8F01-23456789ABCD}" version="" ap="beta&amp;x" lang="fr" brand="ABCD" cohort="C1" cohorthint="H1" cohortname="N1" tag="t-app"><updatecheck sameversionupdate="true" targetversionprefix="55.2" release_channel="dev"/><data name="install" index="verbose"/><data name="untrusted">some &lt;text&gt;</data><ping active="0" r="5" rd="2600"/><event eventtype="2" eventresult="0" errorcode="-2147219440" extracode1="268435463" nextversion="2.0"/></app></request>""";

    public static readonly string[] All = [Flatcar, ChromeOs, Chromium, GoogleUpdate];

    /// <summary>The smallest request with something in the root.</summary>
    public static string Request(string content) => $"<request protocol=\"3.0\">{content}</request>";

    /// <summary>A request with one app that has these attributes and this content.</summary>
    public static string App(string attributes = "", string content = "") => Request($"<app appid=\"a\" {attributes}>{content}</app>");
}
