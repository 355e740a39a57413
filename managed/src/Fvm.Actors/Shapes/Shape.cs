namespace Fvm.Actors;

/// <summary>How a value is encoded, and what its parts are called.</summary>
internal abstract record Shape;
