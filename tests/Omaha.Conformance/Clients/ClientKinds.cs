namespace Omaha.Conformance.Clients;

/// <summary>The clients whose rules are known here.</summary>
[Flags]
internal enum ClientKinds
{
    None = 0,

    /// <summary>update_engine of CoreOS and Flatcar.</summary>
    UpdateEngine = 1,

    /// <summary>The Rust helper of Flatcar, which reads the stored reply again after the update.</summary>
    UeRs = 2,

    /// <summary>update_engine of ChromeOS.</summary>
    ChromeOs = 4,

    /// <summary>Google Update on Windows.</summary>
    GoogleUpdate = 8,

    /// <summary>The component updater of Chromium.</summary>
    Chromium = 16,

    /// <summary>The Go client library.</summary>
    GoOmaha = 32,
}
