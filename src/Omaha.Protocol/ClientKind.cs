namespace Omaha.Protocol;

/// <summary>The families of clients whose demands on a reply differ. One reply serves all of them wherever that is possible.</summary>
public enum ClientKind
{
    /// <summary>go-omaha, scripts, and everything that does not say what it is.</summary>
    Other,

    /// <summary>update_engine of CoreOS and Flatcar and its forks, and ue-rs: exactly one action, and an error status is reported as a failed update.</summary>
    UpdateEngine,

    /// <summary>update_engine of ChromeOS: lists with an entry for each package, and bundles of apps.</summary>
    ChromeOs,

    /// <summary>Google Update on Windows: sizes in 32 bits, error statuses with a link.</summary>
    GoogleUpdate,

    /// <summary>Chromium's component and extension updaters, and browsers made from it: sizes in 32 bits.</summary>
    Chromium,
}

/// <summary>Tells the family of a client from what its request says about itself.</summary>
public static class ClientKinds
{
    /// <summary>The family of the client that sent a request.</summary>
    /// <remarks>ChromeOS names its updater, update_engine of Flatcar its version; old Chromium says <c>Omaha</c> in an updater element, so its own version comes first.</remarks>
    public static ClientKind Of(UpdateRequest request)
    {
        var updater = request[request.Updater];
        var version = request[request.ClientVersion];
        var platform = request[request.OsPlatform];
        if (updater.StartsWith("ChromeOSUpdateEngine"u8) || platform.SequenceEqual("Chrome OS"u8)) return ClientKind.ChromeOs;
        if (version.StartsWith("update_engine"u8) || version.StartsWith("CoreOSUpdateEngine"u8) || version.StartsWith("ue-rs"u8) || platform.SequenceEqual("CoreOS"u8)) return ClientKind.UpdateEngine;
        if (version.StartsWith("chrom"u8) || updater.StartsWith("chrom"u8) || updater.StartsWith("Brave"u8) || !request.AcceptFormat.IsEmpty) return ClientKind.Chromium;
        if (updater.SequenceEqual("Omaha"u8) || platform.SequenceEqual("win"u8)) return ClientKind.GoogleUpdate;
        return ClientKind.Other;
    }
}
