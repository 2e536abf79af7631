using k8s;
using k8s.Models;

namespace Omaha.Deploy.Tests;

/// <summary>The manifests are made of fields that Kubernetes knows, and their pods are locked up.</summary>
public sealed class KubernetesTests
{
    private static readonly string[] Files = [.. DeployFiles.Find("deploy/kubernetes", "*.yaml").Where(static file => Path.GetFileName(file) is not ("kustomization.yaml" or "service-monitor.yaml"))];

    /// <summary>Strictly: a field that is not in Kubernetes' own schema is an error.</summary>
    private static List<object> Objects(string file) => KubernetesYaml.LoadAllFromString(DeployFiles.Read(file), typeMap: null, strict: true);

    public static TheoryData<string> Manifests => [.. Files];

    public static TheoryData<string> Workloads => [.. Files.SelectMany(Objects).Select(static it => Pod(it) is null ? null : ((IMetadata<V1ObjectMeta>)it).Name()).OfType<string>()];

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Kubernetes_knows_every_field_of(string file) => Assert.NotEmpty(Objects(file));

    [Theory]
    [MemberData(nameof(Workloads))]
    public void A_pod_may_do_no_more_than_it_has_to(string name)
    {
        var pod = Files.SelectMany(Objects).Where(it => ((IMetadata<V1ObjectMeta>)it).Name() == name).Select(Pod).OfType<V1PodSpec>().Single();
        Assert.False(pod.AutomountServiceAccountToken);
        Assert.False(pod.EnableServiceLinks);
        Assert.True(pod.SecurityContext.RunAsNonRoot);
        Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
        Assert.All(pod.Containers, static container =>
        {
            Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
            Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
            Assert.NotNull(container.Resources.Requests);
            Assert.NotNull(container.Resources.Limits["memory"]);
            Assert.DoesNotContain(container.Env ?? [], static variable => variable.Name.Contains("PASSWORD", StringComparison.OrdinalIgnoreCase));
        });
    }

    [Fact]
    public void A_server_has_time_to_drain_before_it_is_killed()
    {
        var settings = DeployFiles.Yaml("deploy/kubernetes/base/kustomization.yaml").At("configMapGenerator").Items().SelectMany(static map => map.At("literals").Items()).Select(static literal => literal.Text());
        var drain = int.Parse(DeployFiles.Assignments(settings.Where(static literal => literal.StartsWith("OMAHA_Drain", StringComparison.Ordinal)))["OMAHA_Drain__Time"], System.Globalization.CultureInfo.InvariantCulture);
        var server = Objects("deploy/kubernetes/base/server.yaml").OfType<V1Deployment>().Single();
        Assert.True(server.Spec.Template.Spec.TerminationGracePeriodSeconds >= drain + 10);
    }

    private static V1PodSpec? Pod(object it) => it switch
    {
        V1Deployment deployment => deployment.Spec.Template.Spec,
        V1StatefulSet set => set.Spec.Template.Spec,
        _ => null,
    };
}
