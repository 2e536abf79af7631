namespace Omaha.Conformance;

/// <summary>Requests as update_engine of ChromeOS words them.</summary>
internal static class ChromeOsDevice
{
    public static string Request(string apps, string source = "scheduler", string attributes = "", string sp = "15474.84.0_x86_64") =>
        $"""
         <?xml version="1.0" encoding="UTF-8"?>
         <request requestid="7a1c5b50-1f5c-4b53-9c62-5a2d1f0e7788" sessionid="1c9c1a4e-2d7b-4a92-8a31-3b6f5e4d9900" protocol="3.0" updater="ChromeOSUpdateEngine" updaterversion="0.1.0.0" installsource="{source}" ismachine="1" {attributes} >
             <os version="Indy" platform="Chrome OS" sp="{sp}"></os>
             {apps}
             <hw vendor_id="0x8086" product_id="0x0001" />
         </request>
         """;

    public static string App(string id, string version = "15474.84.0", string inside = "<updatecheck></updatecheck>", string attributes = "", string track = "stable-channel") =>
        $"""<app appid="{id}" version="{version}" track="{track}" board="nocturne-signed-mpkeys" hardware_class="NOCTURNE TEST 1234" delta_okay="true" installdate="5873" {attributes} >{inside}</app>""";
}
