namespace Omaha.Load;
internal static class Plot { public static byte[] Render(LoadResult r) => []; }
