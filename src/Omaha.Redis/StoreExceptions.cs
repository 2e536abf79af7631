namespace Omaha.Redis;

/// <summary>The store did not do what it was asked to: it cannot be reached, or refused. Nothing was changed.</summary>
public class StoreUnavailableException : Exception
{
    public StoreUnavailableException() { }

    public StoreUnavailableException(string message) : base(message) { }

    public StoreUnavailableException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>The connection was lost, or no answer came, after a change was sent: it may have been made. Who catches this reads the catalogue and decides anew.</summary>
public sealed class OutcomeUnknownException : StoreUnavailableException
{
    public OutcomeUnknownException() { }

    public OutcomeUnknownException(string message) : base(message) { }

    public OutcomeUnknownException(string message, Exception innerException) : base(message, innerException) { }
}
