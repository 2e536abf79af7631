namespace Omaha.Load;

/// <summary>What became of a request. The names, in lower case, are those of the result's errors.</summary>
internal enum Fault
{
    /// <summary>It was answered as it should be.</summary>
    None,

    /// <summary>No connection could be made.</summary>
    Connect,

    /// <summary>The TLS handshake failed.</summary>
    Tls,

    /// <summary>The connection ended before the reply was there.</summary>
    Closed,

    /// <summary>No whole reply within the time that a request may take.</summary>
    Timeout,

    /// <summary>Another status than the expected one.</summary>
    Status,

    /// <summary>The expected text is not in the reply.</summary>
    Text,

    /// <summary>Not an HTTP reply with a length.</summary>
    Unreadable,

    /// <summary>It was due, and no connection was free to send it by the end.</summary>
    Unsent,
}

/// <summary>What became of a request, with what was seen instead of the expected.</summary>
internal readonly record struct Outcome(Fault Fault, string Detail = "")
{
    public bool IsReply => Fault is Fault.None or Fault.Status or Fault.Text;
}
