using Omaha.Catalog;

namespace Omaha.Control;

/// <summary>Query keys that are on or off: absent, without a value, <c>true</c> or <c>false</c>.</summary>
internal static class QueryFlags
{
    /// <summary>False for a value that is none of these.</summary>
    public static bool TryReadFlag(this ApiCall call, string key, out bool value)
    {
        value = false;
        if (!call.Http.Request.Query.TryGetValue(key, out var given)) return true;
        value = given.Count == 1 && (given[0] is "" || (bool.TryParse(given[0], out var flag) && flag));
        return given.Count == 1 && (given[0] is "" || bool.TryParse(given[0], out _));
    }

    /// <summary>The answer to such a value.</summary>
    public static Reply NoFlag(this ApiCall call, string key) => Reply.Malformed(new Fault(key, $"\"{call.Http.Request.Query[key]}\" is no flag; write ?{key}, ?{key}=true or ?{key}=false"));
}
