using System.Diagnostics.CodeAnalysis;
using Omaha.Catalog;

namespace Omaha.Control;

/// <summary>Yes or no in a query: <c>?dryRun</c>, <c>?dryRun=true</c> or <c>?dryRun=false</c>; absent is no.</summary>
internal static class QueryFlag
{
    /// <summary>False, with the answer that says so, when the query holds something else.</summary>
    public static bool TryRead(ApiCall call, string key, out bool value, [NotNullWhen(false)] out Reply? malformed)
    {
        (value, malformed) = (false, null);
        if (!call.Http.Request.Query.TryGetValue(key, out var given)) return true;
        if (given.Count == 1 && (given[0] is "" || bool.TryParse(given[0], out _)))
        {
            value = given[0] is "" || bool.Parse(given[0]!);
            return true;
        }

        malformed = Reply.Malformed(new Fault(key, $"\"{given}\" is no flag; write ?{key}, ?{key}=true or ?{key}=false"));
        return false;
    }
}
