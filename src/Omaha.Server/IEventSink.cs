using Omaha.Catalog;
using Omaha.Protocol;

namespace Omaha.Server;

/// <summary>Where events go once they are acknowledged and counted, for a store of events to come.</summary>
/// <remarks>Called on the hot path: an implementation copies what it keeps into a bounded buffer, never waits, and drops and counts when it is full.</remarks>
public interface IEventSink
{
    /// <summary>Takes one event of a known app. The request's bytes are valid only during the call.</summary>
    void Report(CatalogApp app, UpdateRequest request, in RequestedApp asked, in RequestedEvent sent, in UpdateEvent reported);
}

/// <summary>Keeps nothing.</summary>
public sealed class NoEventSink : IEventSink
{
    public void Report(CatalogApp app, UpdateRequest request, in RequestedApp asked, in RequestedEvent sent, in UpdateEvent reported)
    {
        // Events are counted by the responder; nothing stores them yet.
    }
}
