namespace Fvm;

/// <summary>The columns of <see cref="PriceTable"/>, by the names of the upgrades that brought them.</summary>
public enum PriceColumn
{
    Skyr,
    Hygge,
    Watermelon,
    Teep,
}
