namespace Omaha.Protocol;

/// <summary>The words of a request in Omaha XML, by the element that they belong to.</summary>
internal static class Vocabulary
{
    public static ReadOnlySpan<byte> RequestNamespace => "http://www.google.com/update2/request"u8;

    public static class Request
    {
        public static ReadOnlySpan<byte> Element => "request"u8;
        public static ReadOnlySpan<byte> Protocol => "protocol"u8;
        public static ReadOnlySpan<byte> Version => "version"u8;
        public static ReadOnlySpan<byte> Updater => "updater"u8;
        public static ReadOnlySpan<byte> UpdaterVersion => "updaterversion"u8;
        public static ReadOnlySpan<byte> ProductVersion => "prodversion"u8;
        public static ReadOnlySpan<byte> IsRecovery => "isminios"u8;
        public static ReadOnlySpan<byte> IsMachine => "ismachine"u8;
        public static ReadOnlySpan<byte> UserId => "userid"u8;
        public static ReadOnlySpan<byte> SessionId => "sessionid"u8;
        public static ReadOnlySpan<byte> RequestId => "requestid"u8;
        public static ReadOnlySpan<byte> InstallSource => "installsource"u8;
        public static ReadOnlySpan<byte> TestSource => "testsource"u8;
        public static ReadOnlySpan<byte> DownloadPreference => "dlpref"u8;
        public static ReadOnlySpan<byte> AcceptFormat => "acceptformat"u8;
        public static ReadOnlySpan<byte> Lang => "lang"u8;
        public static ReadOnlySpan<byte> Os => "os"u8;
        public static ReadOnlySpan<byte> Arch => "arch"u8;
    }

    public static class Os
    {
        public static ReadOnlySpan<byte> Element => "os"u8;
        public static ReadOnlySpan<byte> Platform => "platform"u8;
        public static ReadOnlySpan<byte> Version => "version"u8;
        public static ReadOnlySpan<byte> ServicePack => "sp"u8;
        public static ReadOnlySpan<byte> Arch => "arch"u8;
    }

    public static class Hardware
    {
        public static ReadOnlySpan<byte> Element => "hw"u8;
        public static ReadOnlySpan<byte> PhysicalMemory => "physmemory"u8;
        public static ReadOnlySpan<byte> Sse2 => "sse2"u8;
        public static ReadOnlySpan<byte> Sse3 => "sse3"u8;
        public static ReadOnlySpan<byte> Avx => "avx"u8;
    }

    public static class Updater
    {
        public static ReadOnlySpan<byte> Element => "updater"u8;
        public static ReadOnlySpan<byte> Name => "name"u8;
        public static ReadOnlySpan<byte> Version => "version"u8;
        public static ReadOnlySpan<byte> IsMachine => "ismachine"u8;
    }

    public static class App
    {
        public static ReadOnlySpan<byte> Element => "app"u8;
        public static ReadOnlySpan<byte> Id => "appid"u8;
        public static ReadOnlySpan<byte> Version => "version"u8;
        public static ReadOnlySpan<byte> Track => "track"u8;
        public static ReadOnlySpan<byte> FromTrack => "from_track"u8;
        public static ReadOnlySpan<byte> FromVersion => "from_version"u8;
        public static ReadOnlySpan<byte> Ap => "ap"u8;
        public static ReadOnlySpan<byte> Tag => "tag"u8;
        public static ReadOnlySpan<byte> ReleaseChannel => "release_channel"u8;
        public static ReadOnlySpan<byte> Cohort => "cohort"u8;
        public static ReadOnlySpan<byte> CohortHint => "cohorthint"u8;
        public static ReadOnlySpan<byte> CohortName => "cohortname"u8;
        public static ReadOnlySpan<byte> Brand => "brand"u8;
        public static ReadOnlySpan<byte> Lang => "lang"u8;
        public static ReadOnlySpan<byte> InstallSource => "installsource"u8;
        public static ReadOnlySpan<byte> MachineId => "machineid"u8;
        public static ReadOnlySpan<byte> BootId => "bootid"u8;
        public static ReadOnlySpan<byte> MachineAlias => "machinealias"u8;
        public static ReadOnlySpan<byte> Oem => "oem"u8;
        public static ReadOnlySpan<byte> OemVersion => "oemversion"u8;
        public static ReadOnlySpan<byte> AlephVersion => "alephversion"u8;
        public static ReadOnlySpan<byte> Board => "board"u8;
        public static ReadOnlySpan<byte> HardwareClass => "hardware_class"u8;
        public static ReadOnlySpan<byte> Fingerprint => "fp"u8;
        public static ReadOnlySpan<byte> DeltaOkay => "delta_okay"u8;
        public static ReadOnlySpan<byte> MultiManifestOk => "multi_manifest_ok"u8;
    }

    public static class UpdateCheck
    {
        public static ReadOnlySpan<byte> Element => "updatecheck"u8;
        public static ReadOnlySpan<byte> UpdateDisabled => "updatedisabled"u8;
        public static ReadOnlySpan<byte> TargetVersionPrefix => "targetversionprefix"u8;
        public static ReadOnlySpan<byte> SameVersionUpdate => "sameversionupdate"u8;
        public static ReadOnlySpan<byte> RollbackAllowed => "rollback_allowed"u8;
        public static ReadOnlySpan<byte> ReleaseChannel => "release_channel"u8;
        public static ReadOnlySpan<byte> Tag => "tag"u8;
    }

    public static class Ping
    {
        public static ReadOnlySpan<byte> Element => "ping"u8;
        public static ReadOnlySpan<byte> Active => "active"u8;
        public static ReadOnlySpan<byte> DaysSinceActive => "a"u8;
        public static ReadOnlySpan<byte> ActiveDay => "ad"u8;
        public static ReadOnlySpan<byte> RollCallDay => "rd"u8;
    }

    public static class Event
    {
        public static ReadOnlySpan<byte> Element => "event"u8;
        public static ReadOnlySpan<byte> Type => "eventtype"u8;
        public static ReadOnlySpan<byte> Result => "eventresult"u8;
        public static ReadOnlySpan<byte> ErrorCode => "errorcode"u8;
        public static ReadOnlySpan<byte> ExtraCode1 => "extracode1"u8;
        public static ReadOnlySpan<byte> PreviousVersion => "previousversion"u8;
        public static ReadOnlySpan<byte> NextVersion => "nextversion"u8;
    }

    public static class Data
    {
        public static ReadOnlySpan<byte> Element => "data"u8;
        public static ReadOnlySpan<byte> Name => "name"u8;
        public static ReadOnlySpan<byte> Index => "index"u8;
    }

    public static class Packages
    {
        public static ReadOnlySpan<byte> Element => "packages"u8;
        public static ReadOnlySpan<byte> Package => "package"u8;
        public static ReadOnlySpan<byte> Fingerprint => "fp"u8;
    }
}
