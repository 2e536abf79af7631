namespace Omaha.Protocol;

/// <summary>What an event means for a fleet. The names are the values of the metric tag <c>event</c>, so they are part of the public contract.</summary>
public enum EventKind
{
    /// <summary>A type or a result that no client is known to send, or one that is no number.</summary>
    Unknown,

    /// <summary>update_engine's report that there is nothing to report: 3/2 with an empty previous version or 0.0.0.0. No update was made.</summary>
    Routine,

    /// <summary>A known step that is neither an end nor one of those below, e.g. a setup or an app command.</summary>
    Step,

    DownloadStarted,

    DownloadFinished,

    InstallStarted,

    /// <summary>Installed; the machine has yet to start into it.</summary>
    Installed,

    /// <summary>The machine runs the new version.</summary>
    Completed,

    /// <summary>The machine put off the update by itself.</summary>
    Deferred,

    Cancelled,

    /// <summary>The machine started the new version, failed, and went back (update_engine error 44).</summary>
    RolledBack,

    Failed,

    Uninstalled,
}

/// <summary>What update_engine says about itself in the upper bits of an error code.</summary>
[Flags]
public enum EventOrigin
{
    None = 0,

    /// <summary>The update server is not the one built in; always set against a server of one's own.</summary>
    CustomServer = 1,

    TestImage = 2,

    ResumedDownload = 4,

    DeveloperMode = 8,
}

/// <summary>An event with its error code taken apart.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="Type">As sent; <see cref="RequestedEvent.Unknown"/> when it was missing or no number.</param>
/// <param name="Result">As sent; 0 when missing.</param>
/// <param name="ErrorCode">The code without flags; <see cref="RequestedEvent.Unknown"/> when there was none.</param>
/// <param name="Flags">The flags of update_engine.</param>
public readonly record struct UpdateEvent(EventKind Kind, int Type, int Result, int ErrorCode, EventOrigin Flags)
{
    private const int FlagShift = 28;
    private const int RollbackCode = 44;

    /// <summary>Makes sense of an event as it was sent.</summary>
    public static UpdateEvent From(UpdateRequest request, in RequestedEvent sent, ClientKind client)
    {
        // update_engine keeps its flags in bits 28 to 31; Google Update's codes are HRESULTs, which use those bits themselves.
        var isEngine = client is ClientKind.UpdateEngine or ClientKind.ChromeOs;
        var (code, flags) = sent.ErrorCode is < 0 or > uint.MaxValue || !isEngine
            ? (sent.ErrorCode is >= int.MinValue and <= int.MaxValue ? (int)sent.ErrorCode : RequestedEvent.Unknown, EventOrigin.None)
            : ((int)(sent.ErrorCode & ((1L << FlagShift) - 1)), (EventOrigin)(sent.ErrorCode >> FlagShift));
        return new UpdateEvent(Classify(request, sent, client, code), sent.EventType, sent.EventResult, code, flags);
    }

    private static EventKind Classify(UpdateRequest request, in RequestedEvent sent, ClientKind client, int code)
    {
        if (sent.EventType == RequestedEvent.Unknown) return EventKind.Unknown;
        switch (sent.EventResult)
        {
            case 0: return code == RollbackCode && sent.EventType == 3 ? EventKind.RolledBack : EventKind.Failed;
            case 1 or 2 or 3: break;
            case 4: return EventKind.Cancelled;
            case 5 or 6 or 8 or 10: return EventKind.Failed;
            case 7: return EventKind.Step;
            case 9: return EventKind.Deferred;
            default: return EventKind.Unknown;
        }

        switch (sent.EventType)
        {
            case 3 when sent.EventResult == 2 && IsNoVersion(request[sent.PreviousVersion]): return EventKind.Routine;
            case 3 when sent.EventResult == 1 && client is ClientKind.UpdateEngine or ClientKind.ChromeOs: return EventKind.Installed;
            case 2 or 3 or 54: return EventKind.Completed;
            case 4: return EventKind.Uninstalled;
            case 5 or 13: return EventKind.DownloadStarted;
            case 1 or 14: return EventKind.DownloadFinished;
            case 6 or 15: return EventKind.InstallStarted;
            case 800: return EventKind.Installed;
            case 9 or 10 or 11 or 12 or 16 or 17 or 20 or 30 or 40 or 41 or 42 or 50 or 51 or 52 or 53 or 55 or 100 or 102 or 103: return EventKind.Step;
            default: return EventKind.Unknown;
        }
    }

    private static bool IsNoVersion(ReadOnlySpan<byte> version) => version.IndexOfAnyExcept("0. "u8) < 0;
}
