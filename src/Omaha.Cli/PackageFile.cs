using Omaha.Catalog;

namespace Omaha.Cli;

/// <summary>Makes a package of a file that a user names.</summary>
internal static class PackageFile
{
    private const int BufferBytes = 128 * 1024;

    /// <exception cref="OmahactlException">The file cannot be read.</exception>
    public static async Task<PackageSpec> DescribeAsync(string path, Surroundings surroundings, CancellationToken cancel)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
            using var progress = new Progress(surroundings, Path.GetFileName(path), file.Length);
            using var hash = new PackageHash();
            var buffer = new byte[BufferBytes];
            while (await file.ReadAsync(buffer, cancel) is var read and > 0)
            {
                hash.Append(buffer.AsSpan(0, read));
                progress.Done = hash.Size;
            }

            return hash.Describe(Path.GetFileName(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new OmahactlException(OmahactlException.Usage, $"cannot read the package \"{path}\": {error.Message}");
        }
    }
}
