using System.Security.Cryptography;
using System.Text;

namespace Omaha.Testing;

/// <summary>The accounts of <c>deploy/redis/users.acl</c>, with passwords.</summary>
public sealed class RedisUsers : IDisposable
{
    private const string NoPassword = "#0000000000000000000000000000000000000000000000000000000000000000";

    public RedisUsers()
    {
        var lines = File.ReadAllLines(Published()).Select(line =>
        {
            var name = line.Split(' ')[1];
            return line.Replace(NoPassword, "#" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(PasswordOf(name)))), StringComparison.Ordinal);
        });
        File.WriteAllLines(Path, lines);
    }

    /// <summary>The file for <c>aclfile</c>.</summary>
    public string Path { get; } = System.IO.Path.GetTempFileName();

    public static (string User, string Password) Server => Account("omaha-server");

    public static (string User, string Password) Control => Account("omaha-control");

    public static (string User, string Password) Replica => Account("omaha-replica");

    public static (string User, string Password) Sentinel => Account("omaha-sentinel");

    public static (string User, string Password) Admin => Account("omaha-admin");

    /// <summary>What a client adds to its configuration.</summary>
    public static string Settings((string User, string Password) account) => $",user={account.User},password={account.Password}";

    public void Dispose() => File.Delete(Path);

    private static (string User, string Password) Account(string name) => (name, PasswordOf(name));

    private static string PasswordOf(string name) => "secret-of-" + name;

    private static string Published()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = System.IO.Path.Combine(folder.FullName, "deploy", "redis", "users.acl");
            if (File.Exists(file)) return file;
        }

        throw new FileNotFoundException("deploy/redis/users.acl is above no folder of the tests.");
    }
}
