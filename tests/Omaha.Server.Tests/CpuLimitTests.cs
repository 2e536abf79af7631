namespace Omaha.Server.Tests;

/// <summary>How many cores a control group leaves to the process.</summary>
public sealed class CpuLimitTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("omaha-cgroup-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Write(string file, string text)
    {
        var path = Path.Combine(_root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    [Fact]
    public void Machine_without_control_groups_has_all_its_cores() => Assert.Equal(Environment.ProcessorCount, CpuLimit.Read(_root));

    [Fact]
    public void Quota_of_version_2_is_a_part_of_a_core()
    {
        Write("proc/self/cgroup", "0::/system.slice/omaha.service\n");
        Write("sys/fs/cgroup/system.slice/omaha.service/cpu.max", "50000 100000\n");
        Assert.Equal(0.5, CpuLimit.Read(_root));
    }

    [Fact]
    public void Group_without_a_quota_is_held_by_the_one_above_it()
    {
        Write("proc/self/cgroup", "0::/system.slice/omaha.service\n");
        Write("sys/fs/cgroup/system.slice/cpu.max", "25000 100000\n");
        Write("sys/fs/cgroup/system.slice/omaha.service/cpu.max", "max 100000\n");
        Assert.Equal(0.25, CpuLimit.Read(_root));
    }

    [Fact]
    public void Container_finds_its_group_at_the_root_whatever_its_path_says()
    {
        Write("proc/self/cgroup", "0::/kubepods/pod1/container1\n");
        Write("sys/fs/cgroup/cpu.max", "75000 100000\n");
        Assert.Equal(0.75, CpuLimit.Read(_root));
    }

    [Theory]
    [InlineData("cpu", "cpu")]
    [InlineData("cpu,cpuacct", "cpu,cpuacct")]
    [InlineData("cpu,cpuacct", "cpu")]
    public void Quota_of_version_1_is_a_part_of_a_core(string controllers, string mount)
    {
        Write("proc/self/cgroup", $"4:memory:/other\n3:{controllers}:/omaha\n");
        Write($"sys/fs/cgroup/{mount}/cpu.cfs_quota_us", "-1\n");
        Write($"sys/fs/cgroup/{mount}/cpu.cfs_period_us", "100000\n");
        Write($"sys/fs/cgroup/{mount}/omaha/cpu.cfs_quota_us", "60000\n");
        Write($"sys/fs/cgroup/{mount}/omaha/cpu.cfs_period_us", "100000\n");
        Assert.Equal(0.6, CpuLimit.Read(_root));
    }

    [Fact]
    public void Quota_above_the_cores_of_the_machine_changes_nothing()
    {
        Write("proc/self/cgroup", "0::/\n");
        Write("sys/fs/cgroup/cpu.max", "99900000 100000\n");
        Assert.Equal(Environment.ProcessorCount, CpuLimit.Read(_root));
    }

    [Fact]
    public void Files_that_say_nothing_usable_change_nothing()
    {
        Write("proc/self/cgroup", "0::/\nnonsense\n");
        Write("sys/fs/cgroup/cpu.max", "0 0\n");
        Assert.Equal(Environment.ProcessorCount, CpuLimit.Read(_root));
    }
}
