using System.Text;
using Omaha.Protocol;
using Omaha.Server.Tests;

namespace Omaha.Benchmarks;

/// <summary>Requests as clients send them.</summary>
internal static class Requests
{
    /// <summary>As many components as a Chromium asks about at once.</summary>
    private const int ComponentCount = 30;

    /// <summary>Their ids, 32 letters each.</summary>
    public static readonly string[] Components = [.. Enumerable.Range(0, ComponentCount).Select(i => new string((char)('a' + (i % 16)), 30) + (char)('a' + (i / 16)) + "p")];

    /// <summary>A scheduled check of a Flatcar machine, about 750 bytes.</summary>
    public static string Flatcar { get; } = Fleet.FlatcarCheck();

    public static string FlatcarCurrent { get; } = Fleet.FlatcarCheck("4081.3.1");

    /// <summary>The first check after an update, about 900 bytes: every value is given, and the steps of the update are reported.</summary>
    public static string FlatcarUpdated { get; } =
        Fleet.FlatcarCheck("4081.3.1", previous: "3510.2.0")
            .Replace("oem=\"\" oemversion=\"\"", "oem=\"qemu\" oemversion=\"0.0.3\"", StringComparison.Ordinal)
            .Replace("machinealias=\"\"", "machinealias=\"rack-7\"", StringComparison.Ordinal)
            .Replace("hardware_class=\"\"", "hardware_class=\"standard\"", StringComparison.Ordinal)
            .Replace("        <updatecheck>", "        <event eventtype=\"13\" eventresult=\"1\"></event>\n        <event eventtype=\"14\" eventresult=\"1\"></event>\n        <updatecheck>", StringComparison.Ordinal);

    public static string FlatcarUnknownApp { get; } = Fleet.FlatcarCheck(id: "{00000000-0000-4000-8000-000000000000}");

    /// <summary>A ChromeOS machine: its platform and a part that is not in the catalogue.</summary>
    public static string ChromeOs { get; } =
        $$"""
          <?xml version="1.0" encoding="UTF-8"?>
          <request requestid="{7d3c1b0e-51f2-4d55-b4b6-4f2a8f0c9a11}" sessionid="{9e1f5a2c-0f0d-4b0e-9b1b-6c9e2f7d3e22}" protocol="3.0" updater="ChromeOSUpdateEngine" updaterversion="0.1.0.0" installsource="scheduler" ismachine="1">
              <os version="Indy" platform="Chrome OS" sp="15500.1.0_x86_64"></os>
              <app appid="{{Fleet.ChromeOsId}}" cohort="1:1:" cohortname="eve_stable" version="15500.1.0" track="stable-channel" board="eve-signed-mp" hardware_class="EVE A1B-C2D" delta_okay="false" installdate="6027" lang="en-US" fw_version="" ec_version="" >
                  <ping active="1" a="1" r="1"></ping>
                  <updatecheck targetversionprefix=""></updatecheck>
                  <event eventtype="3" eventresult="2" previousversion="0.0.0.0"></event>
              </app>
              <app appid="{{Fleet.ChromeOsId}}_minios" version="0.0.0.0" track="stable-channel" board="eve-signed-mp" delta_okay="false" >
                  <ping active="1"></ping>
                  <updatecheck></updatecheck>
              </app>
          </request>

          """;

    /// <summary>Chromium's component updater: one line, all of its components, about 10 KiB.</summary>
    public static string Chromium { get; } = ChromiumAsking(Components);

    /// <summary>Chromium's component updater, asking about some components.</summary>
    public static string ChromiumAsking(params string[] components) =>
        """<?xml version="1.0" encoding="UTF-8"?><request protocol="3.1" dedup="cr" acceptformat="crx2,crx3" sessionid="{51}" requestid="{52}" updater="chromiumcrx" updaterversion="75.0.1.2" prodversion="75.0.1.2" lang="de" os="linux" arch="x64"><hw physmemory="16"/><os platform="Linux" arch="x86_64" version="5.10"/>"""
        + string.Concat(components.Select(id =>
            $$"""<app appid="{{id}}" version="0.9.54" brand="GGRO" cohort="1:b:" cohortname="Everyone" installsource="ondemand" enabled="1"><updatecheck/><ping rd="4190" ping_freshness="{5b0e6a1e-7a7c-4b7e-9a61-2f6d1f3c4b53}"/><packages><package fp="1.2b5e6c00ff"/></packages></app>"""))
        + "</request>";

    /// <summary>A content between two tags as often as it fits into the largest body, or as often as is asked.</summary>
    public static string Filling(string start, int times, string content, string end)
    {
        var room = RequestLimits.BodyBytes - Encoding.UTF8.GetByteCount(start) - Encoding.UTF8.GetByteCount(end);
        return start + new StringBuilder().Insert(0, content, Math.Min(times, room / Encoding.UTF8.GetByteCount(content))) + end;
    }

    /// <inheritdoc cref="Filling(string, int, string, string)"/>
    public static string Filling(string start, string content, string end) => Filling(start, int.MaxValue, content, end);
}
