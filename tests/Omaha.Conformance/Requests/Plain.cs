namespace Omaha.Conformance;

/// <summary>Requests of no client in particular, with no more in them than a test is about.</summary>
internal static class Plain
{
    /// <summary>An element of an app that asks for an update.</summary>
    public const string Check = "<updatecheck/>";

    public static string Request(string inside, string protocol = "3.0", string attributes = "") =>
        $"<request protocol=\"{protocol}\" {attributes}>{inside}</request>";

    public static string App(string id, string? version = null, string inside = Check, string attributes = "") =>
        $"<app appid=\"{id}\"{(version is null ? "" : $" version=\"{version}\"")} {attributes}>{inside}</app>";

    /// <summary>One app that asks for an update.</summary>
    public static string CheckOf(string id, string? version = null, string attributes = "", string check = Check) => Request(App(id, version, check, attributes));
}
