namespace Omaha.Conformance;

/// <summary>A machine that runs update_engine, and the requests it words. Values stand in the XML as given, so they have to be escaped as the client would.</summary>
internal sealed record FlatcarMachine
{
    public string Id { get; init; } = Catalogue.Flatcar;

    public string Version { get; init; } = "3510.2.0";

    public string Track { get; init; } = "stable";

    public string Board { get; init; } = "amd64-usr";

    public string Oem { get; init; } = "";

    public string Alias { get; init; } = "";

    public string MachineId { get; init; } = "2b7e151628aed2a6abf7158809cf4f3c";

    public string Source { get; init; } = "scheduler";

    public string DeltaOkay { get; init; } = "false";

    /// <summary>The machine name that follows the version in the service pack.</summary>
    public string Machine { get; init; } = "x86_64";

    /// <summary>An update check. It always carries a ping and an event 3/2, which says which version the machine came from.</summary>
    public string Check(string previous = "") =>
        Request($"""<ping active="1"></ping><updatecheck></updatecheck><event eventtype="3" eventresult="2" previousversion="{previous}"></event>""");

    /// <summary>The first check after the machine fell back to the version it had before.</summary>
    public string CheckAfterRollback() =>
        Request("""<ping active="1"></ping><updatecheck></updatecheck><event eventtype="3" eventresult="0" errorcode="44"></event>""");

    /// <summary>What a machine sends while it waits for its reboot.</summary>
    public string Ping() => Request("""<ping active="1"></ping>""");

    public string Event(int type, int result, string? errorCode = null) =>
        Request($"""<event eventtype="{type}" eventresult="{result}"{(errorCode is null ? "" : $" errorcode=\"{errorCode}\"")}></event>""");

    public string Request(string children) =>
        $$"""
          <?xml version="1.0" encoding="UTF-8"?>
          <request protocol="3.0" version="update_engine-0.4.10" updaterversion="update_engine-0.4.10" installsource="{{Source}}" ismachine="1">
              <os version="Chateau" platform="CoreOS" sp="{{Version}}_{{Machine}}"></os>
              <app appid="{{Id}}" version="{{Version}}" track="{{Track}}" bootid="{6c1f9c5e-93d5-4c5e-a5a4-0d7a64d1f7b2}" oem="{{Oem}}" oemversion="" alephversion="3033.2.0" machineid="{{MachineId}}" machinealias="{{Alias}}" lang="en-US" board="{{Board}}" hardware_class="" delta_okay="{{DeltaOkay}}" >
                  {{children}}
              </app>
          </request>

          """;

    /// <summary>The same question as the Rust helper of Flatcar asks it: no declaration, neither board nor boot id.</summary>
    public string CheckByHelper() =>
        $"""<request protocol="3.0" version="ue-rs-0.1.0" updaterversion="ue-rs-0.1.0" installsource="ondemand" ismachine="1"><os platform="CoreOS" version="Chateau" sp="{Version}_{Machine}"/><app appid="{Id}" version="{Version}" track="{Track}" machineid="{MachineId}"><updatecheck/></app></request>""";
}
