namespace Fvm.Sidecar;

/// <summary>Gets the data of a stream, on the thread of its connection.</summary>
internal interface IDataReceiver
{
    /// <summary>Keeps data.</summary>
    /// <param name="data">The data.</param>
    /// <param name="padding">Bytes around the data, which the client's windows count.</param>
    /// <returns>False if the client sends more than it was allowed to.</returns>
    bool TryTake(ReadOnlySpan<byte> data, int padding);

    /// <summary>Goes on to what came, by <see cref="TryTake"/> or by Kestrel.</summary>
    void Arrived();
}
