namespace Omaha.Conformance.Clients;

/// <summary>A client cannot use a reply. The message is the rule that was broken.</summary>
internal sealed class RejectedReplyException(string rule) : Exception($"The client asks for {rule}.")
{
    /// <summary>Rejects unless a rule is kept.</summary>
    public static void Unless(bool kept, string rule)
    {
        if (!kept) throw new RejectedReplyException(rule);
    }
}
