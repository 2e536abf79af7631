namespace Omaha.Fuzz;

/// <summary>Checks stored requests one by one and says what is wrong with them.</summary>
internal static class Replay
{
    /// <summary>Prints a line for each file and returns 1 when any of them fails.</summary>
    public static int Report(IEnumerable<string> files, TextWriter output)
    {
        var target = new RequestTarget();
        var failed = 0;
        foreach (var file in files)
        {
            try
            {
                target.Check(File.ReadAllBytes(file));
                output.WriteLine($"{file}: fine");
            }
            catch (Exception error)
            {
                failed = 1;
                output.WriteLine($"{file}: {error}");
            }
        }

        return failed;
    }
}
