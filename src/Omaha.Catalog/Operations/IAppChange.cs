namespace Omaha.Catalog;

/// <summary>A plan that changes one app.</summary>
public interface IAppChange
{
    /// <summary>What is to be written; null when everything is as it should be already.</summary>
    AppDocument? Document { get; }
}
