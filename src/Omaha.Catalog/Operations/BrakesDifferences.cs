namespace Omaha.Catalog;

/// <summary>What differs between the brakes over all apps at two times, in words.</summary>
public static class BrakesDifferences
{
    public static IEnumerable<string> Between(Brakes before, Brakes after) => JsonDifferences.Between(DocumentJson.Node(before), DocumentJson.Node(after));
}
