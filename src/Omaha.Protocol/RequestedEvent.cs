namespace Omaha.Protocol;

/// <summary>One event that a client reports. Values that are absent or not numbers are <see cref="Unknown"/>; the event is acknowledged all the same.</summary>
public struct RequestedEvent
{
    /// <summary>Stands for a number that was missing or could not be read.</summary>
    public const int Unknown = int.MinValue;

    /// <summary>What happened (<c>eventtype</c>), e.g. 3 = update complete, 13 = download started.</summary>
    public int EventType { get; internal set; }

    /// <summary>How it ended (<c>eventresult</c>), 0 = error when the client leaves it out.</summary>
    public int EventResult { get; internal set; }

    /// <summary>The client's error code as sent; update_engine sets flags from bit 28 upwards.</summary>
    public long ErrorCode { get; internal set; }

    /// <summary>A second code of the installer (<c>extracode1</c>).</summary>
    public long ExtraCode1 { get; internal set; }

    /// <summary>Version before the update; empty or 0.0.0.0 means there was none.</summary>
    public Utf8Range PreviousVersion { get; internal set; }

    /// <summary>Version the update leads to.</summary>
    public Utf8Range NextVersion { get; internal set; }
}
